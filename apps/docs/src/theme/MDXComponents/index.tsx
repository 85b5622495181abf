import MDXComponents from '@theme-original/MDXComponents';
import type { ComponentProps } from 'react';

/** A wide table scrolls by itself; the page doesn't. */
function ScrollingTable(props: ComponentProps<'table'>) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keyboard
    <div className="table-scroll" tabIndex={0}>
      <table {...props} />
    </div>
  );
}

export default { ...MDXComponents, table: ScrollingTable };
