// A UUIDv7: 48 bits of milliseconds since 1970, then chance. It names a message before it is sent,
// so that sending it again can never store it twice.
export function uuid7(now) {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const time = Math.floor(now);
  for (let i = 0; i < 6; ++i) bytes[i] = Math.floor(time / 2 ** (8 * (5 - i))) % 256;
  bytes[6] = 0x70 | (bytes[6] & 0x0f); // version 7
  bytes[8] = 0x80 | (bytes[8] & 0x3f); // the variant of RFC 9562
  const hex = Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
