// Arguments that several commands share, so that one thing is named in one way everywhere.

/** As `findRun` takes it. */
export const runArgument = {
  completes: 'run',
  summary:
    'id or its beginning, tag, path, latest, best, best:logLoss; with @<experiment or data set>, or <experiment>/ before it',
} as const;

export const recipeArgument = {
  completes: 'recipe',
  summary: 'recipe file, its folder, or the name of an experiment',
} as const;
