import type { WrapperProps } from '@docusaurus/types';
import type DocItemType from '@theme/DocItem';
import DocItem from '@theme-original/DocItem';
import FrontPage from '../../front-page/front-page.tsx';

/** docs/index.md is the first page, which looks like no other. */
export default function DocItemOrFrontPage(props: WrapperProps<typeof DocItemType>) {
  return props.content.metadata.id === 'index' ? <FrontPage {...props} /> : <DocItem {...props} />;
}
