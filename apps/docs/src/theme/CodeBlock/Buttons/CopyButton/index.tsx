import { CodeBlockContextProvider, useCodeBlockContext } from '@docusaurus/theme-common/internal';
import type { Props } from '@theme/CodeBlock/Buttons/CopyButton';
import CopyButton from '@theme-original/CodeBlock/Buttons/CopyButton';
import { commandsIn } from '../../../../../scripts/console-blocks.ts';

/** Of a `console` block the commands are copied, without the prompt and without what they print. */
export default function CopyCommands(props: Props) {
  const { metadata, wordWrap } = useCodeBlockContext();
  if (metadata.language !== 'console') return <CopyButton {...props} />;
  const code = commandsIn(metadata.code)
    .map(({ command }) => command)
    .join('\n');
  return (
    <CodeBlockContextProvider metadata={{ ...metadata, code }} wordWrap={wordWrap}>
      <CopyButton {...props} />
    </CodeBlockContextProvider>
  );
}
