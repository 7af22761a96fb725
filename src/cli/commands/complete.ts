// `limaml complete`: the script that teaches a shell, and the answers that it asks for.
import { type CommandSpec, defineCommand } from '../spec/command.js';
import { COMMON_FLAGS } from '../spec/flags.js';

const SHELLS = ['bash', 'zsh', 'fish'];

/** Over the commands that there are, itself among them. */
export const completeCommand = (commands: () => readonly CommandSpec[]): CommandSpec =>
  defineCommand({
    name: 'complete',
    summary: 'Print the completion script of a shell: bash, zsh or fish.',
    description:
      'Commands, flags and their values, runs, tags, experiments, data sets and models are completed. Once: add "source <(limaml complete bash)" to ~/.bashrc, or "source <(limaml complete zsh)" to ~/.zshrc; for fish: limaml complete fish > ~/.config/fish/completions/limaml.fish',
    arguments: { words: { summary: 'the shell; after "--" words to complete', many: true, choices: SHELLS } },
    flags: {},
    examples: ['complete bash', 'complete fish'],
    action: async ({ words }, io) => {
      const { printScript, printSuggestions } = await import('../completion/suggest.js');
      if (io.argv.includes('--')) return printSuggestions(commands(), COMMON_FLAGS, words, io.cwd);
      const [shell = ''] = words;
      if (SHELLS.includes(shell) && words.length === 1) return printScript(shell, io.stream);
      const { UserError } = await import('../../errors.js');
      throw new UserError({
        code: 'SHELL_UNKNOWN',
        where: words.join(' '),
        what: 'There is no completion for such a shell.',
        next: `One of: ${SHELLS.join(', ')}.`,
      });
    },
  });
