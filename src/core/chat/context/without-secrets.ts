/** A slash, also as an address within another address writes it. In JSON it may follow a backslash. */
const SLASH = /\/|%(?:25)*2f/i;

/** What follows a path in an address. */
const AFTER_PATH = /(?:[?#;]|%(?:25)*(?:3f|23|3b)).*/is;

/** A named value in an address of which there is no path. */
const NAMED_VALUE = /(?:[?#&;]|%(?:25)*(?:3f|23|26|3b))[\w.[\]-]*(?:=|%(?:25)*3d).*/is;

/** What stands in front of a host. */
const BEFORE_HOST = String.raw`(?:\/\\*|%(?:25)*2f)(?:\/|%(?:25)*2f)`;

/** Name and password in front of a host. */
const CREDENTIALS = new RegExp(String.raw`(${BEFORE_HOST})(?:(?!%(?:25)*2f)[^/])*(?:@|%(?:25)*40)`, "gi");

const FROM_HOST = new RegExp(`${BEFORE_HOST}.*`, "is");

/**
 * A message without what may be secret in the addresses that it quotes: queries, fragments, names and passwords.
 *
 * Each word with a slash counts as an address. Takes time that grows with the text alone.
 *
 * @param isCut Whether the end of the message may be missing, and with it the end of an address.
 */
export function dropSecrets(message: string, isCut: boolean): string {
  return message.replaceAll(/\S+/g, (word, offset: number) => {
    if (!SLASH.test(word)) return word.replace(NAMED_VALUE, "");
    const address = word.replace(AFTER_PATH, "").replaceAll(CREDENTIALS, "$1");
    return isCut && offset + word.length === message.length ? address.replace(FROM_HOST, "") : address;
  });
}
