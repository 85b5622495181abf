import Head from '@docusaurus/Head';
import mono from '@fontsource/jetbrains-mono/files/jetbrains-mono-latin-400-normal.woff2';
import sans from '@fontsource-variable/hanken-grotesk/files/hanken-grotesk-latin-wght-normal.woff2';
import type { ReactNode } from 'react';

/** Fonts are asked for with the page: one that came later would move the text. */
export default function Root({ children }: { children: ReactNode }) {
  return (
    <>
      <Head>
        {[sans, mono].map((font) => (
          <link
            key={font}
            rel="preload"
            href={font}
            as="font"
            type="font/woff2"
            crossOrigin="anonymous"
          />
        ))}
      </Head>
      {children}
    </>
  );
}
