// Which output has no fixed order on a real host, and what of it is fixed.

import { formOf } from './placeholders.ts'
import { found, suited, words } from './unicode.ts'

const UNORDERED =
  /ip (?:-\S+ )*(?:neigh|n\b|netns)|ip .*table all|bridge (?:-\S+ )*(?:fdb|link)|brctl show|showmacs|\barp\b|conntrack|\bls\b.*\/(?:sys|proc|var\/run)|for \w+ in .*\/(?:sys|netns)|\/sys\/class\/net\/veth|\blsns|\bss -|netstat|network (?:inspect|ls|prune)|docker inspect|docker (?:ps|port)|service ps|node ls|stack ps|nslookup|\bdig /
const COMPOSE_STEPS = /\b(up|down|start|stop|restart|rm|kill|run|scale|create|pull|pause|unpause|logs)\b/

/** Compared as a set. */
export function isUnordered(command: string): boolean {
  return found(UNORDERED, command)
}

/** The lines brought into an order that keeps what is fixed: packets of a flow, steps of a compose object. */
export function settled(lines: readonly string[], command: string): string[] {
  let result = [...lines]
  if (command.includes('tcpdump')) result = sortedBy(result, flowOf)
  if (command.includes('docker compose') && found(COMPOSE_STEPS, command))
    result = sortedBy(result, composeObject)
  return result
}

const COLUMNS_OF_LS = /\bls (?!.*-\w*l)/
/** Several ports of a bridge stand in one column of `brctl show`, the first beside the bridge. */
const FIRST_PORT = /(\t(?:no|yes)\t\t)(?=\S)/g

/** What is to be compared without regard to order: lines, columns of ls, ports of brctl show. */
export function itemsOf(lines: readonly string[], command: string): string[] {
  if (found(COLUMNS_OF_LS, command)) return lines.flatMap(words)
  if (!command.includes('brctl show')) return [...lines]
  const text = lines.join('\n')
  return text.replace(suited(FIRST_PORT, text), '$1\n| \t\t\t\t\t\t\t').split('\n')
}

const ADDRESS = /\d+\.\d+\.\d+\.\d+(?:\.\w+)?(?=[ :,])/g

/** The two ends of a captured packet. */
function flowOf(line: string): string {
  const form = formOf(line)
  const ends = (form.match(suited(ADDRESS, form)) ?? []).sort().slice(0, 2)
  return ends.length > 0 ? ends.join('\n') : line.includes('ARP') ? 'arp' : ''
}

const STEP = /^\| {1,2}(?:[✔✘!⠿] )?((?:Container|Network|Volume|Image) [\w.-]+|[\w-]+)(?= )/

/** The object that a line of docker compose is about: things happen side by side there. */
function composeObject(line: string): string {
  const form = formOf(line)
  return suited(STEP, form).exec(form)?.[1] ?? ''
}

function sortedBy(lines: readonly string[], key: (line: string) => string): string[] {
  const keyed = lines.map((line) => ({ line, key: key(line) }))
  keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
  return keyed.map(({ line }) => line)
}
