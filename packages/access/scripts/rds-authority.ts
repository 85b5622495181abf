import type { X509Certificate } from 'node:crypto';

/**
 * Whether a certificate is one of Amazon RDS' own authorities for a region: signed by itself, and in force.
 * Those of its previews sign nothing below .rds.amazonaws.com.
 */
export function isRdsAuthority(certificate: X509Certificate, now: Date): boolean {
  const { ca, subject, validFromDate, validToDate } = certificate;
  return (
    ca &&
    /^O=Amazon Web Services\\?, Inc\.$/m.test(subject) &&
    /^OU=Amazon RDS$/m.test(subject) &&
    /^CN=Amazon RDS [a-z]+(-[a-z]+)+-\d Root CA \w+ G\d$/m.test(subject) &&
    certificate.checkIssued(certificate) &&
    certificate.verify(certificate.publicKey) &&
    validFromDate <= now &&
    now < validToDate
  );
}
