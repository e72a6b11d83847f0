/** Pictures as text: lines and boxes for the screen (at most 76 columns), sentences for those who listen. */
import type { BridgePicture, Device, Picture, PortPicture } from './diagram.ts'

const WIDTH = 76
/** What a frame takes of it. */
export const FRAME = 4

/** Names of containers come first: they matter most, and in a narrow picture the rest goes on below them. */
export function drawPicture(picture: Picture, width = WIDTH): string {
  switch (picture.kind) {
    case 'bridge': {
      const room = width - FRAME
      const lines = [
        ...picture.bridges.flatMap((one) => [...bridgeLines(one, room), '']),
        ...picture.cards.flatMap((card) => folded([`▪ ${deviceText(card)}`, '(to the outside)'], room, '  ')),
      ]
      return framed(picture.host, lines, width)
    }
    case 'veth': {
      const { outside, inside } = picture
      const left = [`${outside.ifindex}: ${outside.name}`, `iflink ${outside.iflink}`]
      const right = [`${inside.ifindex}: ${inside.name}`, `iflink ${inside.iflink}`]
      const width = Math.max(...left.map((text) => text.length), picture.host.length)
      const cable = outside.up && inside.up ? ' ◄═══ veth ═══► ' : ' ◄═══  ✗✗  ═══► '
      return [
        `${picture.host.padEnd(width)}${' '.repeat(cable.length)}${picture.container}`,
        `${left[0]!.padEnd(width)}${cable}${right[0]}`,
        `${left[1]!.padEnd(width)}${' '.repeat(cable.length)}${right[1]}`,
      ].join('\n')
    }
    case 'path':
      return picture.hops
        .map(
          ({ where, device, note }, index) =>
            `${index === 0 ? ' ' : '▼'} ${where.padEnd(12)} ${device.padEnd(26)} ${note}`,
        )
        .map(cut)
        .join('\n│\n')
  }
}

function bridgeLines({ bridge, ports }: BridgePicture, room: number): string[] {
  return [`■ ${deviceText(bridge)}`, ...branches(ports.map(portPieces), room)]
}

function portPieces({ port, cable, owner, inside }: PortPicture): string[] {
  const line = cable === 'works' ? '══════' : '══ ✗ ══'
  const far = inside === null ? [] : [deviceText(inside)]
  return [`[${owner ?? 'none of Docker’s'}]`, ...far, `${line} ${deviceText({ ...port, address: null })}`]
}

/** What hangs below a bridge. */
export function branches(items: readonly (readonly string[])[], room: number): string[] {
  return items.flatMap((pieces, at) => {
    const isLast = at === items.length - 1
    const [first = '', ...others] = folded(pieces, room - 5, '')
    const stem = isLast ? '      ' : '  │   '
    return [`  ${isLast ? '└' : '├'}─ ${first}`, ...others.map((line) => stem + line)]
  })
}

/** Pieces in a line, as many as fit; the others go on below. */
export function folded(pieces: readonly string[], room: number, indent: string): string[] {
  const lines: string[] = []
  for (const piece of pieces) {
    const last = lines.at(-1)
    if (last !== undefined && [...last].length + 1 + [...piece].length <= room)
      lines[lines.length - 1] = `${last} ${piece}`
    else lines.push(last === undefined ? piece : indent + piece)
  }
  return lines
}

export function deviceText({ name, address, up }: Device): string {
  return `${name}${address === null ? '' : ` ${address}`}${up ? '' : ' (down)'}`
}

export function framed(title: string, lines: readonly string[], most = WIDTH): string {
  const body = lines.map((line) => shortened(line, most - FRAME))
  const width = Math.max(title.length + 4, ...body.map((line) => [...line].length))
  const pad = (line: string): string => line + ' '.repeat(width - [...line].length)
  return [
    `┌─ ${title} ${'─'.repeat(width - title.length - 1)}┐`,
    ...body.map((line) => `│ ${pad(line)} │`),
    `└${'─'.repeat(width + 2)}┘`,
  ].join('\n')
}

function shortened(line: string, width: number): string {
  const characters = [...line]
  return characters.length <= width ? line : `${characters.slice(0, width - 1).join('')}…`
}

function cut(line: string): string {
  return [...line].slice(0, WIDTH).join('').trimEnd()
}

/** The same in sentences. */
export function describePicture(picture: Picture): string {
  switch (picture.kind) {
    case 'bridge':
      return [
        ...picture.bridges.map((one) => describeBridge(picture.host, one)),
        ...picture.cards.map((card) => `To the outside ${picture.host} has the card ${spoken(card)}.`),
      ].join('\n')
    case 'veth': {
      const { host, container, outside, inside } = picture
      const works = outside.up && inside.up ? '' : ' One end is down.'
      return `A cable joins ${host} and ${container}: on ${host} device ${outside.ifindex}, ${outside.name}, which remembers number ${outside.iflink}; in ${container} device ${inside.ifindex}, ${inside.name}, which remembers number ${inside.iflink}.${works}`
    }
    case 'path':
      return `From ${picture.container} to the outside: ${picture.hops.map(({ where, device, note }) => `${device} in ${where}, ${note}`).join('; then ')}.`
  }
}

function describeBridge(host: string, { bridge, ports }: BridgePicture): string {
  const head = `On ${host} there is the bridge ${spoken(bridge)}`
  if (ports.length === 0) return `${head}; nothing hangs in its ports.`
  return `${head}. Its ports: ${ports.map(describePort).join('; ')}.`
}

function describePort({ port, cable, owner, inside }: PortPicture): string {
  const where = owner ?? 'something that is none of Docker’s'
  const far = inside === null ? where : `${spoken(inside)} in ${where}`
  return `${port.name}, cable to ${far}${cable === 'works' ? '' : ', dead'}`
}

export function spoken({ name, address, up }: Device): string {
  return `${name}${address === null ? '' : ` with address ${address}`}${up ? '' : ', down'}`
}
