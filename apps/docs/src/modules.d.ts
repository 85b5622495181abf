/// <reference types="@docusaurus/theme-classic" />
/// <reference types="@docusaurus/plugin-content-docs" />

declare module '*.woff2' {
  /** Where the site serves it. */
  const url: string;
  export default url;
}

declare module '@generated/quickstart-run/default/run.json' {
  const run: import('../scripts/playback.ts').Playback;
  export default run;
}
