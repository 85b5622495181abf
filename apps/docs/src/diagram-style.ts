/** Diagrams in the site's own colours, which are variables of custom.css and follow its theme. */
export const diagramStyle = `
  .node rect, .node polygon, .node circle, .node path, rect.actor {
    fill: var(--surface);
    stroke: var(--diagram-line);
    filter: none;
  }
  .nodeLabel, .edgeLabel, .label, .actor > tspan, .messageText {
    color: var(--ifm-font-color-base);
    fill: var(--ifm-font-color-base);
  }
  .edgeLabel, .edgeLabel p, .labelBkg { background-color: var(--ifm-background-color); }
  .cluster rect { fill: transparent; stroke: var(--diagram-line); }
`;
