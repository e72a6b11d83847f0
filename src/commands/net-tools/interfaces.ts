/** Devices and their labels as the old calls know them: one address each, sorted by name. */
import type { Interface } from '../../render/net-tools/ifconfig.ts'
import { describeLink, describeLinks, type LinkRow } from '../../sim/kernel/netlink/dump.ts'
import { findLink } from '../../sim/kernel/netlink/link.ts'
import type { CommandContext } from '../context.ts'

type Place = Pick<CommandContext, 'world' | 'netns'>

function ofRow(row: LinkRow): Interface[] {
  const own = row.addresses.find((address) => address.label === row.name) ?? null
  const labels = new Set(row.addresses.map((address) => address.label).filter((label) => label !== row.name))
  const aliases = [...labels].map((label) => ({
    name: label,
    row,
    address: row.addresses.find((address) => address.label === label) ?? null,
    isAlias: true,
  }))
  return [{ name: row.name, row, address: own, isAlias: false }, ...aliases]
}

export function allInterfaces({ world, netns }: Place): Interface[] {
  const list = describeLinks(world, netns).flatMap(ofRow)
  return list.sort((x, y) => compareNames(x.name, y.name))
}

/** By stem, then by number (nstrcmp). */
function compareNames(x: string, y: string): number {
  const split = (name: string): [string, number] => {
    const parts = /^(.*?)(\d*)$/.exec(name)
    return [parts?.[1] ?? name, Number(parts?.[2] || -1)]
  }
  const [xStem, xNumber] = split(x)
  const [yStem, yNumber] = split(y)
  if (xStem !== yStem) return x < y ? -1 : 1
  return xNumber - yNumber
}

export function oneInterface({ world, netns }: Place, name: string): Interface | null {
  const device = name.split(':')[0] ?? name
  const link = findLink(netns, device)
  if (link === undefined) return null
  const list = ofRow(describeLink(world, netns, link))
  return (
    list.find((one) => one.name === name) ??
    (name === device ? null : { ...list[0]!, name, address: null, isAlias: true })
  )
}
