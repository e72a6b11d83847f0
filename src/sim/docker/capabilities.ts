/** Capabilities of a container's processes. moby oci/caps, oci/defaults.go */

export const defaultCapabilities: readonly string[] = [
  ...[
    'CHOWN',
    'DAC_OVERRIDE',
    'FSETID',
    'FOWNER',
    'MKNOD',
    'NET_RAW',
    'SETGID',
    'SETUID',
    'SETFCAP',
    'SETPCAP',
  ],
  ...['NET_BIND_SERVICE', 'SYS_CHROOT', 'KILL', 'AUDIT_WRITE'],
]

export const allCapabilities: readonly string[] = [
  ...['AUDIT_CONTROL', 'AUDIT_READ', 'AUDIT_WRITE', 'BLOCK_SUSPEND', 'BPF', 'CHECKPOINT_RESTORE', 'CHOWN'],
  ...['DAC_OVERRIDE', 'DAC_READ_SEARCH', 'FOWNER', 'FSETID', 'IPC_LOCK', 'IPC_OWNER', 'KILL', 'LEASE'],
  ...[
    'LINUX_IMMUTABLE',
    'MAC_ADMIN',
    'MAC_OVERRIDE',
    'MKNOD',
    'NET_ADMIN',
    'NET_BIND_SERVICE',
    'NET_BROADCAST',
  ],
  ...['NET_RAW', 'PERFMON', 'SETFCAP', 'SETGID', 'SETPCAP', 'SETUID', 'SYSLOG', 'SYS_ADMIN', 'SYS_BOOT'],
  ...[
    'SYS_CHROOT',
    'SYS_MODULE',
    'SYS_NICE',
    'SYS_PACCT',
    'SYS_PTRACE',
    'SYS_RAWIO',
    'SYS_RESOURCE',
    'SYS_TIME',
  ],
  ...['SYS_TTY_CONFIG', 'WAKE_ALARM'],
]

/** `cap_net_admin`, `NET_ADMIN` → `NET_ADMIN` */
export function capabilityName(text: string): string {
  return text.toUpperCase().replace(/^CAP_/, '')
}

/** The first of the given names that is no capability. */
export function unknownCapability(names: readonly string[]): string | undefined {
  return names.find((name) => name.toUpperCase() !== 'ALL' && !allCapabilities.includes(capabilityName(name)))
}

export function grantedCapabilities(
  privileged: boolean,
  added: readonly string[],
  dropped: readonly string[],
): Set<string> {
  if (privileged) return new Set(allCapabilities)
  const add = added.map(capabilityName)
  const drop = new Set(dropped.map(capabilityName))
  const base = add.includes('ALL') ? allCapabilities : drop.has('ALL') ? [] : defaultCapabilities
  const granted = new Set([...base, ...add.filter((name) => name !== 'ALL')])
  for (const name of drop) if (!add.includes(name)) granted.delete(name)
  return granted
}
