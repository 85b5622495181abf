import type { PrismTheme } from 'prism-react-renderer';

/**
 * Code in the site's own colours. They are variables of custom.css, so that one theme serves light and
 * dark, and a page that was rendered before the browser chose doesn't flash.
 */
export const prismTheme: PrismTheme = {
  plain: { color: 'var(--code-text)', backgroundColor: 'var(--code-surface)' },
  styles: [
    { types: ['comment', 'prolog', 'prompt'], style: { color: 'var(--code-quiet)' } },
    { types: ['string', 'attr-value', 'inserted', 'done'], style: { color: 'var(--code-string)' } },
    { types: ['number', 'boolean', 'constant'], style: { color: 'var(--code-number)' } },
    {
      types: ['keyword', 'property', 'key', 'atrule', 'tag', 'selector'],
      style: { color: 'var(--code-keyword)' },
    },
    { types: ['command'], style: { color: 'var(--code-strong)' } },
    { types: ['deleted', 'exit'], style: { color: 'var(--code-failed)' } },
  ],
};
