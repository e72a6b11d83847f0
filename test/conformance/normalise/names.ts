// Names and numbers that a kernel or an engine makes up: container names, veths, namespaces, ephemeral ports.

import { found, replaced, suited } from '../unicode.ts'
import { macReplacer } from './mac.ts'
import { digits, type Numbering } from './numbering.ts'

const INODE = /\b40265\d{5}\b/g
const VETH = /\bveth[0-9a-f]{7}\b/g
const PORT = /(\b[sd]?port[= ]|\.|:)(\d{5})\b(?=[ :,>)/\t"-]|$)/g
const PORT_IN_JSON = /("(?:Published|Host)Port": "?)(\d{5})\b/g

/** 32768, 32769 … are what `docker run -P` gives out, in order. */
const FIRST_RANDOM_PORT = 32_800

export function nameReplacer(text: string, numbering: Numbering): (line: string) => string {
  const replaceMacs = macReplacer(text, numbering)
  const madeUp = madeUpNames(text)
  const madeUpPattern = new RegExp(`\\b(?:${madeUp.join('|')})\\b`, 'g')

  const port = (whole: string, before = '', number = '') => {
    const value = Number(number)
    if (value < FIRST_RANDOM_PORT || value > 65_535) return whole
    return `${before}P${digits(numbering.number('port', number), 4)}`
  }

  return (line) => {
    let result = line
    if (madeUp.length > 0) {
      result = replaced(result, madeUpPattern, (name) => `name_${digits(numbering.number('name', name), 4)}`)
    }
    result = replaced(result, INODE, (inode) => `ino${digits(numbering.number('inode', inode), 7)}`)
    result = replaced(result, VETH, (veth) => `vethx${digits(numbering.number('veth', veth), 6)}`)
    result = replaceMacs(result)
    return replaced(replaced(result, PORT, port), PORT_IN_JSON, port)
  }
}

const NAME_IN_ENDPOINT = /endpoint ([a-z]+_[a-z]+\d?) \(/g
const NAME_IN_LAST_COLUMN = /^\| (?:[0-9a-f]{12} {2}.* |(?!docker_|ingress_))([a-z]+_[a-z]+\d?)$/

/** Names like `brave_hopper`, sorted; what docker compose calls a network is none. */
function madeUpNames(text: string): string[] {
  const names = new Set<string>()
  for (const line of text.split('\n')) {
    for (const match of line.matchAll(suited(NAME_IN_ENDPOINT, line))) names.add(match[1] ?? '')
    const last = suited(NAME_IN_LAST_COLUMN, line).exec(line)
    if (last) names.add(last[1] ?? '')
  }
  return [...names].sort().filter((name) => !found(new RegExp(`Network ${name}\\b`), text))
}
