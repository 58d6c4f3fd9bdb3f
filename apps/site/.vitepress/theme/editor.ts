import { javascript } from '@codemirror/lang-javascript';
import { syntaxHighlighting } from '@codemirror/language';
import { EditorState } from '@codemirror/state';
import { EditorView, keymap } from '@codemirror/view';
import { classHighlighter } from '@lezer/highlight';
import { basicSetup } from 'codemirror';

/** Follows the page's own colours, light and dark. */
const theme = EditorView.theme({
  '&': { fontSize: '13px', color: 'var(--vp-c-text-1)', backgroundColor: 'var(--vp-c-bg)' },
  '.cm-content': { fontFamily: 'var(--vp-font-family-mono)', caretColor: 'var(--vp-c-text-1)' },
  '.cm-gutters': {
    color: 'var(--vp-c-text-2)',
    backgroundColor: 'var(--vp-c-bg-alt)',
    border: 'none',
  },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--vp-c-default-soft)' },
  '.cm-cursor': { borderLeftColor: 'var(--vp-c-text-1)' },
  '&.cm-focused': { outline: '2px solid var(--vp-c-brand-1)' },
});

/** The editor of the playground. */
export class Editor {
  readonly #view: EditorView;

  constructor(parent: HTMLElement, code: string, run: () => void) {
    const shortcut = {
      key: 'Mod-Enter',
      run: () => {
        run();
        return true;
      },
    };
    this.#view = new EditorView({
      parent,
      state: EditorState.create({
        doc: code,
        extensions: [
          keymap.of([shortcut]),
          // Before the basic one, whose colours are those of a light page.
          syntaxHighlighting(classHighlighter),
          basicSetup,
          javascript({ typescript: true }),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ 'aria-label': 'Program' }),
          theme,
        ],
      }),
    });
  }

  get text(): string {
    return this.#view.state.doc.toString();
  }

  replace(code: string): void {
    this.#view.dispatch({ changes: { from: 0, to: this.#view.state.doc.length, insert: code } });
  }

  destroy(): void {
    this.#view.destroy();
  }
}
