import { styleText } from 'node:util';

type Stream = NodeJS.WriteStream;

/** Colours for a stream; none where it is no terminal, or where NO_COLOR says so. */
export function paint(stream: Stream) {
  const style = (format: 'red' | 'green' | 'yellow' | 'dim' | 'bold') => (text: string) =>
    styleText(format, text, { stream, validateStream: true });
  return {
    red: style('red'),
    green: style('green'),
    yellow: style('yellow'),
    dim: style('dim'),
    bold: style('bold'),
  };
}
