/** The map as lines and boxes, and the same in sentences. */
import type { Device, PortPicture } from '../diagram.ts'
import { branches, deviceText, FRAME, folded, framed, spoken } from '../diagram-text.ts'
import type { Card, Machine, NetworkBridge, Other, WorldMap } from './world-map.ts'

export function drawMap({ machines }: WorldMap, width: number): string {
  return machines
    .map((machine) => framed(machine.host, machineLines(machine, width - FRAME), width))
    .join('\n')
}

function machineLines({ cards, bridges, others }: Machine, room: number): string[] {
  return [
    ...cards.flatMap((card) => folded(cardPieces(card), room, '  ')),
    ...bridges.flatMap((one) => bridgeLines(one, room)),
    ...others.flatMap(({ name, what, addresses }) => folded([`[${name}]`, what, ...addresses], room, '  ')),
  ]
}

function cardPieces(card: Card): string[] {
  const cable = card.cut ? '══ ✗ ══' : '══════'
  const far = card.leadsTo === null ? '(nothing plugged in)' : `${cable} ${card.leadsTo}`
  return [`▪ ${deviceText(card)}`, far]
}

function bridgeLines({ bridge, network, ports, published }: NetworkBridge, room: number): string[] {
  const name = network === null ? [] : [` network ${network}`]
  const items = ports.map((port) => [...portPieces(port), ...(published.get(port.owner ?? '') ?? [])])
  return [...folded([`■ ${deviceText(bridge)}`, ...name], room, ' '), ...branches(items, room)]
}

function portPieces({ port, cable, owner, inside }: PortPicture): string[] {
  const line = cable === 'works' ? '══' : '═✗═'
  const far = inside === null ? [] : [deviceText(inside)]
  const name = deviceText({ ...port, address: null })
  if (owner === null && inside === null) return [name]
  const near = `${line} ${name}`
  return [...(owner === null ? [] : [`[${owner}]`]), ...far, near]
}

export function describeMap({ machines }: WorldMap): string {
  return machines.map(describeMachine).join('\n')
}

function describeMachine({ host, cards, bridges, others }: Machine): string {
  const sentences = [...cards.map(describeCard), ...bridges.map(describeBridge), ...others.map(describeOther)]
  return `${host}: ${sentences.length === 0 ? 'nothing but its own stack.' : sentences.join(' ')}`
}

function describeCard(card: Card): string {
  const where = card.leadsTo === null ? 'with nothing plugged in' : `with a cable to ${card.leadsTo}`
  return `Card ${spoken(card)}, ${where}${card.cut ? ', cut' : ''}.`
}

function describeBridge({ bridge, network, ports, published }: NetworkBridge): string {
  const name = network === null ? 'Bridge' : `Bridge of the network ${network}:`
  const hanging = ports.map((port) => {
    const doors = published.get(port.owner ?? '') ?? []
    const open = doors.length === 0 ? '' : `, published ${doors.join(' and ').replaceAll('→', ' to ')}`
    if (port.owner === null && port.inside === null) return port.port.name
    return `${port.port.name} to ${farEnd(port.inside, port.owner)}${port.cable === 'works' ? '' : ' (dead)'}${open}`
  })
  const rest = hanging.length === 0 ? 'nothing in its ports' : `in its ports ${hanging.join('; ')}`
  return `${name} ${spoken(bridge)}; ${rest}.`
}

function farEnd(inside: Device | null, owner: string | null): string {
  const where = owner ?? 'something that is none of Docker’s'
  return inside === null ? where : `${spoken(inside)} in ${where}`
}

function describeOther({ name, what, addresses }: Other): string {
  return `${name}: ${what}${addresses.length === 0 ? '' : `, ${addresses.join(', ')}`}.`
}
