/**
 * Where Vault is, as text: a URL, or several of one Vault with commas between, the first of which is asked
 * first. Normalised, so that one address written in two ways is one.
 *
 * @throws Error a sentence that says what was expected.
 * @example
 * parseVaultAddresses('https://a:8200/, https://b:8200'); // 'https://a:8200,https://b:8200'
 */
export function parseVaultAddresses(value: string): string {
  const addresses = value.split(',').map((part) => parseAddress(part.trim()));
  return [...new Set(addresses)].join(',');
}

/** The addresses in such a text, in their order. */
export function listVaultAddresses(value: string): string[] {
  return value.split(',');
}

/** Whether what is for the addresses of `known` may be sent to all of `asked`. */
export function coversVaultAddresses(known: string, asked: string): boolean {
  const all = listVaultAddresses(known);
  return listVaultAddresses(asked).every((address) => all.includes(address));
}

/** Vault over plain http would show the token to the network, so only loopback may be http. */
function parseAddress(value: string): string {
  const url = URL.parse(value);
  if (!url) throw new Error('expected a URL such as https://vault.example.com:8200');
  const loopback = ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback)) {
    throw new Error('expected https:// (http:// is for loopback alone)');
  }
  if (url.username || url.password)
    throw new Error('expected a URL without a user or password in it');
  if (url.search || url.hash) throw new Error('expected a URL without ? and #');
  return url.href.replace(/\/+$/, '');
}
