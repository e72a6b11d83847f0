/** Names of TOS values, DSCP classes and users. iptables/extensions/{tos_values.c,dscp_helper.c}; passwd(5) of Debian. */

export const TOS_NAMES: readonly (readonly [number, string])[] = [
  [0x10, 'Minimize-Delay'],
  [0x08, 'Maximize-Throughput'],
  [0x04, 'Maximize-Reliability'],
  [0x02, 'Minimize-Cost'],
  [0x00, 'Normal-Service'],
]

export const DSCP_CLASSES: readonly (readonly [string, number])[] = [
  ...[0, 1, 2, 3, 4, 5, 6, 7].map((n): [string, number] => [`CS${n}`, n * 8]),
  ['BE', 0],
  ...[1, 2, 3, 4].flatMap((x) => [1, 2, 3].map((y): [string, number] => [`AF${x}${y}`, x * 8 + y * 2])),
  ['EF', 0x2e],
]

const USERS: readonly (readonly [string, number])[] = [
  ['root', 0],
  ['daemon', 1],
  ['bin', 2],
  ['sys', 3],
  ['www-data', 33],
  ['nobody', 65534],
]

export function userNumber(name: string): number | undefined {
  return USERS.find(([known]) => known === name)?.[1]
}

export function userName(number: number): string | undefined {
  return USERS.find(([, known]) => known === number)?.[0]
}
