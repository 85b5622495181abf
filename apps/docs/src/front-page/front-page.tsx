import { DocProvider } from '@docusaurus/plugin-content-docs/client';
import run from '@generated/quickstart-run/default/run.json';
import type { Props } from '@theme/DocItem';
import DocItemMetadata from '@theme/DocItem/Metadata';
import MDXContent from '@theme/MDXContent';
import styles from './front-page.module.css';
import Terminal from './terminal.tsx';

/** The first page: what docs/index.md says, beside the quickstart's run. */
export default function FrontPage({ content: Content }: Props) {
  return (
    <DocProvider content={Content}>
      <DocItemMetadata />
      <article className={styles.page}>
        <MDXContent>
          <Content />
        </MDXContent>
        <Terminal run={run} />
      </article>
    </DocProvider>
  );
}
