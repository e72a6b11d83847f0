// sysctl of procps-ng 4.0.2 and of busybox: the same settings, other words.
import { expect, test } from 'vitest'
import { busyboxSysctl } from '../../../src/commands/busybox/sysctl.ts'
import { sysctl } from '../../../src/commands/procps-sysctl/sysctl.ts'
import { openBench } from '../tool-bench.ts'

test('what is written is read back', async () => {
  const bench = openBench()
  expect(await bench.run(sysctl, 'sysctl -w net.ipv4.ip_forward=1')).toBe('net.ipv4.ip_forward = 1\n')
  expect(await bench.run(sysctl, 'sysctl -n net.ipv4.ip_forward')).toBe('1\n')
  expect(await bench.run(busyboxSysctl, 'sysctl net/ipv4/ip_forward')).toBe('net.ipv4.ip_forward = 1\n')
  expect(await bench.run(busyboxSysctl, 'sysctl -w net.ipv4.ip_forward=0')).toBe('net.ipv4.ip_forward = 0\n')
  expect(await bench.run(sysctl, 'sysctl net.ipv4.conf.lo.forwarding')).toBe(
    'net.ipv4.conf.lo.forwarding = 0\n',
  )
})

test.each([
  [
    sysctl,
    'sysctl net.ipv4.nosuch',
    'sysctl: cannot stat /proc/sys/net/ipv4/nosuch: No such file or directory\n[exit 1]\n',
  ],
  [
    sysctl,
    'sysctl -w net.ipv4.ip_forward',
    'sysctl: command line(0): invalid syntax, continuing...\n[exit 1]\n',
  ],
  [
    sysctl,
    'sysctl -w net.ipv4.ip_forward=x',
    'sysctl: setting key "net.ipv4.ip_forward": Invalid argument\n[exit 1]\n',
  ],
  [busyboxSysctl, 'sysctl net.ipv4.nosuch', "sysctl: error: 'net.ipv4.nosuch' is an unknown key\n[exit 1]\n"],
  [busyboxSysctl, 'sysctl -w net.ipv4.ip_forward=x', 'sysctl: write error: Invalid argument\n[exit 1]\n'],
] as const)('%# %s', async (command, line, expected) => {
  expect(await openBench().run(command, line)).toBe(expected)
})
