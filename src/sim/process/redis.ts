/** A few commands of Redis, inline or as arrays of strings. redis.io protocol RESP2. Not modelled: all others. */

export type RedisStore = Map<string, string>

export interface RedisAnswer {
  readonly replies: string
  /** What has not come whole yet. */
  readonly rest: string
  readonly ends: boolean
}

export function answerRedis(store: RedisStore, text: string): RedisAnswer {
  let replies = ''
  let rest = text
  for (let got = nextCommand(rest); got !== null; got = nextCommand(rest)) {
    rest = rest.slice(got.length)
    if (got.words.length === 0) continue
    if (got.words[0]?.toUpperCase() === 'QUIT') return { replies: `${replies}+OK\r\n`, rest, ends: true }
    replies += reply(store, got.words)
  }
  return { replies, rest, ends: false }
}

function nextCommand(text: string): { words: string[]; length: number } | null {
  const end = text.indexOf('\n')
  if (end < 0) return null
  const line = text.slice(0, end).replace(/\r$/, '')
  const count = /^\*(\d+)$/.exec(line)?.[1]
  if (count === undefined) return { words: line.split(/\s+/).filter((word) => word !== ''), length: end + 1 }
  let at = end + 1
  const words: string[] = []
  for (let i = 0; i < Number(count); i++) {
    const size = /^\$(\d+)\r\n/.exec(text.slice(at))
    if (size === null) return null
    const from = at + size[0].length
    if (text.length < from + Number(size[1]) + 2) return null
    words.push(text.slice(from, from + Number(size[1])))
    at = from + Number(size[1]) + 2
  }
  return { words, length: at }
}

const bulk = (text: string | undefined): string =>
  text === undefined ? '$-1\r\n' : `$${text.length}\r\n${text}\r\n`

function reply(store: RedisStore, words: readonly string[]): string {
  const [name = '', key = '', value = ''] = words
  switch (name.toUpperCase()) {
    case 'PING':
      return words.length > 1 ? bulk(key) : '+PONG\r\n'
    case 'ECHO':
      return bulk(key)
    case 'SET':
      store.set(key, value)
      return '+OK\r\n'
    case 'GET':
      return bulk(store.get(key))
    case 'DEL':
      return `:${words.slice(1).filter((one) => store.delete(one)).length}\r\n`
    case 'EXISTS':
      return `:${words.slice(1).filter((one) => store.has(one)).length}\r\n`
    case 'INCR': {
      const next = Number(store.get(key) ?? 0) + 1
      if (Number.isNaN(next)) return '-ERR value is not an integer or out of range\r\n'
      store.set(key, String(next))
      return `:${next}\r\n`
    }
    case 'DBSIZE':
      return `:${store.size}\r\n`
    default: {
      const given = words.slice(1).map((word) => `'${word}' `)
      return `-ERR unknown command '${name}', with args beginning with: ${given.join('')}\r\n`
    }
  }
}
