/** SQL: sessions in which it was run write the same value as the same text, which any Postgres reads as it was. */
export const NEUTRAL_TEXT = `
  set client_encoding to 'UTF8';
  set timezone to 'UTC';
  set datestyle to 'ISO, YMD';
  set intervalstyle to 'postgres';
  set extra_float_digits to 1;
  set bytea_output to 'hex'`;
