import Link from '@docusaurus/Link';
import Heading from '@theme/Heading';

/** A page that isn't there, and three ways on. */
export default function NotFoundContent() {
  return (
    <main className="container markdown not-found">
      <Heading as="h1">There is no such page</Heading>
      <p>It may have another name now. Look for it with the search above, or begin again:</p>
      <ul>
        <li>
          <Link to="/">What Spire is</Link>, and where to begin
        </li>
        <li>
          <Link to="/start/quickstart">The quickstart</Link>, from a clone to the first workflow
        </li>
        <li>
          <Link to="/operate/troubleshooting">Troubleshooting</Link>, by the message that was
          printed
        </li>
      </ul>
    </main>
  );
}
