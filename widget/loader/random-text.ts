/** 128 random bits as text of at most 43 characters. Unlike `randomUUID`, it is there on pages without TLS, too. */
export const randomText = (): string => crypto.getRandomValues(new Uint32Array(4)).join('-')
