/** `tcp[tcpflags] & (tcp-syn|tcp-ack)`: arithmetic of capture filters. pcap-filter(7) "expr relop expr" */
import type { Tokens } from './parse.ts'
import type { Arithmetic } from './types.ts'

const CONSTANTS: Readonly<Record<string, number>> = {
  tcpflags: 13,
  icmptype: 0,
  icmpcode: 1,
  'tcp-fin': 1,
  'tcp-syn': 2,
  'tcp-rst': 4,
  'tcp-push': 8,
  'tcp-ack': 16,
  'tcp-urg': 32,
  'icmp-echoreply': 0,
  'icmp-unreach': 3,
  'icmp-redirect': 5,
  'icmp-echo': 8,
  'icmp-timxceed': 11,
}
const LOADABLE = new Set(['ether', 'ip', 'arp', 'tcp', 'udp', 'icmp', 'ip6', 'icmp6', 'igmp'])
const LEVELS = [['|'], ['^'], ['&'], ['<<', '>>'], ['+', '-'], ['*', '/', '%']]

/** Null where there is no arithmetic; the position is then of no meaning. */
export function parseArithmetic(tokens: Tokens, level = 0): Arithmetic | null {
  const operators = LEVELS[level]
  if (operators === undefined) return parseAtom(tokens)
  let left = parseArithmetic(tokens, level + 1)
  while (left !== null && operators.includes(tokens.words[tokens.at] ?? '')) {
    const operator = tokens.words[tokens.at++]!
    const right = parseArithmetic(tokens, level + 1)
    if (right === null) return null
    left = { kind: 'binary', operator, left, right }
  }
  return left
}

function parseAtom(tokens: Tokens): Arithmetic | null {
  const word = tokens.words[tokens.at]
  if (word === undefined) return null
  if (word === '(') {
    tokens.at++
    const inner = parseArithmetic(tokens)
    if (inner === null || tokens.words[tokens.at] !== ')') return null
    tokens.at++
    return inner
  }
  if (LOADABLE.has(word) && tokens.words[tokens.at + 1] === '[') return parseLoad(tokens, word)
  tokens.at++
  if (word === 'len') return { kind: 'length' }
  if (/^(0x[0-9a-fA-F]+|\d+)$/.test(word)) return { kind: 'number', value: Number(word) }
  const value = CONSTANTS[word]
  return value === undefined ? null : { kind: 'number', value }
}

/** `proto[offset:size]`; the lexer leaves `2:2` in one piece. */
function parseLoad(tokens: Tokens, protocol: string): Arithmetic | null {
  tokens.at += 2
  const word = tokens.words[tokens.at] ?? ''
  const joined = /^(\d+):([124])$/.exec(word)
  if (joined !== null && tokens.words[tokens.at + 1] === ']') {
    tokens.at += 2
    return {
      kind: 'load',
      protocol,
      offset: { kind: 'number', value: Number(joined[1]) },
      size: Number(joined[2]),
    }
  }
  const offset = parseArithmetic(tokens)
  if (offset === null || tokens.words[tokens.at] !== ']') return null
  tokens.at++
  return { kind: 'load', protocol, offset, size: 1 }
}
