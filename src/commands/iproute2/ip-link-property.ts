/** `ip link property`: further names of a device. ip/iplink.c iplink_prop_mod, net/core/rtnetlink.c rtnl_linkprop */
import { ok, type Result, refuse } from '../../sim/base/result.ts'
import type { Link } from '../../sim/kernel/link/types.ts'
import type { NetNamespace } from '../../sim/kernel/net-namespace.ts'
import { change, type Ip } from './environment.ts'
import { LINK_USAGE } from './usage.ts'
import { cannotFind, deviceOr, GiveUp, invalid, matches, type Words } from './words.ts'

const LONGEST_ALTNAME = 127

export function linkProperty(ip: Ip, words: Words): number {
  const verb = words.more ? words.take() : ''
  const isAdd = matches(verb, 'add')
  if (!isAdd && !matches(verb, 'del', 'delete')) throw new GiveUp(LINK_USAGE, 255)
  const names: string[] = []
  let device: string | null = null
  while (words.more) {
    const word = words.take()
    if (word === 'dev') device = words.value()
    else if (word === 'altname') names.push(nameWord(words.value()))
    else throw new GiveUp(LINK_USAGE, 255)
  }
  if (device === null) throw new GiveUp('Not enough of information: "dev" argument is required.\n', 255)
  const link = deviceOr(ip.netns, device, cannotFind)
  return change(ip, () => {
    for (const name of names) {
      const done = isAdd ? addName(ip.netns, link, name) : removeName(link, name)
      if (!done.ok) return done
    }
    return ok(undefined)
  })
}

function nameWord(word: string): string {
  if (word === '' || word.length > LONGEST_ALTNAME || /[/\s]/.test(word))
    throw invalid('not a valid altname', word)
  return word
}

function addName(netns: NetNamespace, link: Link, name: string): Result<void> {
  const isTaken = [...netns.links.values()].some(
    (other) => other.name === name || other.altNames?.includes(name) === true,
  )
  if (isTaken) return refuse('EEXIST')
  link.altNames = [...(link.altNames ?? []), name]
  return ok(undefined)
}

function removeName(link: Link, name: string): Result<void> {
  if (link.altNames?.includes(name) !== true) return refuse('ENOENT')
  link.altNames = link.altNames.filter((one) => one !== name)
  return ok(undefined)
}
