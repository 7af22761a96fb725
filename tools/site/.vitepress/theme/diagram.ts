// A picture of a Mermaid block: drawn in the reader's browser, in light or dark; the source where nothing is drawn.
import address from '@mermaid-js/tiny/dist/mermaid.tiny.js?url';
import { useData } from 'vitepress';
import { defineComponent, h, onMounted, ref, watch } from 'vue';

interface Mermaid {
  initialize(options: Readonly<Record<string, unknown>>): void;
  render(id: string, source: string): Promise<{ readonly svg: string }>;
}

let loaded: Promise<Mermaid> | undefined;

/** Mermaid in one file, which is a script of the old kind and puts itself into the page's globals. */
function load(): Promise<Mermaid> {
  return new Promise((done, fail) => {
    const script = Object.assign(document.createElement('script'), { src: address });
    script.onload = () => done((globalThis as unknown as { readonly mermaid: Mermaid }).mermaid);
    script.onerror = () => fail(new Error(`${address} could not be loaded`));
    document.head.append(script);
  });
}

export const Diagram = defineComponent({
  props: { source: { type: String, required: true }, name: { type: String, required: true } },
  setup: (props) => {
    const { isDark } = useData();
    const drawn = ref('');
    const source = decodeURIComponent(props.source);
    const draw = async (): Promise<void> => {
      loaded ??= load();
      const mermaid = await loaded;
      mermaid.initialize({
        startOnLoad: false,
        securityLevel: 'strict',
        theme: isDark.value ? 'dark' : 'neutral',
      });
      drawn.value = (await mermaid.render(props.name, source)).svg;
    };
    onMounted(draw);
    watch(isDark, draw);
    return () =>
      drawn.value === ''
        ? h('pre', { class: 'diagram' }, source)
        : h('div', { class: 'diagram', innerHTML: drawn.value });
  },
});
