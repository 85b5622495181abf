import type { RemovedNames } from './mask.ts';

// Names that only tell where a secret is, such as `secret_scope`, or what a text is made of, such as
// `max_tokens`, stand in no list: jobs need them.

/** What lets somebody in. */
export const SECRETS: RemovedNames = {
  of: 'secrets',
  names: [
    '*password*',
    '*passwd*',
    '*passphrase*',
    '*passcode',
    '*pwd',
    '*db_pass',
    '*db_pw',
    '*user_pass',
    'pass',
    'pw',
    '*token',
    '*token_value',
    '*access_tokens',
    '*api_tokens',
    '*secret',
    '*secrets',
    '*secret_id',
    '*secret_key*',
    '*secret_value',
    '*client_secret*',
    '*access_key*',
    '*account_key*',
    '*api_key*',
    '*encryption_key',
    '*private_key*',
    '*master_key',
    '*session_key',
    '*signing_key',
    'ssh_public_keys',
    '*authorization',
    'basic_auth',
    'cookie',
    'jwt',
    'sig',
    '*credential',
    '*credentials',
  ],
  why: 'Who has it is let in.',
};

/** Who somebody is, and what reaches them. */
export const PEOPLE: RemovedNames = {
  of: 'people',
  names: [
    '*user_name',
    '*mail',
    '*mails',
    'email_notifications',
    'webhook_notifications',
    'access_control_list',
    'created_by',
    'run_as',
    'ghcr_user',
  ],
  why: "It names people, gives them rights, or writes to them of runs that aren't the source's.",
};

/** What leads back to the source, and has no counterpart that a copy is told of. */
export const SOURCES_OWN: RemovedNames = {
  of: "what is the source's",
  names: ['databricks_host', 'db_name', 'db_port', 'db_user', 'vault_write_path'],
  why: 'It leads back to the source.',
};
