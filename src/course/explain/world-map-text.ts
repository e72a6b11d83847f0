/** The map as lines and boxes, and the same in sentences. */
import type { Device, PortPicture } from '../diagram.ts'
import { deviceText, framed, spoken } from '../diagram-text.ts'
import type { Card, Machine, NetworkBridge, Other, WorldMap } from './world-map.ts'

export function drawMap({ machines }: WorldMap, width: number): string {
  return machines.map((machine) => framed(machine.host, machineLines(machine), width)).join('\n')
}

function machineLines({ cards, bridges, others }: Machine): string[] {
  return [
    ...cards.map(cardText),
    ...bridges.flatMap(bridgeLines),
    ...others.map(({ name, what, addresses }) => `[${name}] ${[what, ...addresses].join(' ')}`),
  ]
}

function cardText(card: Card): string {
  const cable = card.cut ? '══ ✗ ══' : '══════'
  return `▪ ${deviceText(card)} ${card.leadsTo === null ? '(nothing plugged in)' : `${cable} ${card.leadsTo}`}`
}

function bridgeLines({ bridge, network, ports, published }: NetworkBridge): string[] {
  const name = network === null ? '' : `  network ${network}`
  const last = ports.length - 1
  const inside = ports.map((port, at) => {
    const corner = at === last ? '└' : '├'
    const doors = published.get(port.owner ?? '') ?? []
    return `  ${corner}─ ${portText(port)}${doors.length === 0 ? '' : ` ${doors.join(' ')}`}`
  })
  return [`■ ${deviceText(bridge)}${name}`, ...inside]
}

function portText({ port, cable, owner, inside }: PortPicture): string {
  const line = cable === 'works' ? '══' : '═✗═'
  const far = inside === null ? '' : ` ${deviceText(inside)}`
  return `${port.name}${port.up ? '' : ' (down)'} ${line}${far}${owner === null ? '' : ` [${owner}]`}`
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
