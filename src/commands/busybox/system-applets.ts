/** busybox applets about processes, namespaces and mounts. */
import type { CommandLoader } from '../network-programs.ts'

export const systemApplets: readonly (readonly [string, CommandLoader])[] = [
  ['chroot', async () => (await import('../coreutils/chroot.ts')).busyboxChroot],
  ['dmesg', async () => (await import('../util-linux/dmesg.ts')).busyboxDmesg],
  ['free', async () => (await import('../procps/memory.ts')).busyboxFree],
  ['kill', async () => (await import('../procps/kill.ts')).busyboxKill],
  ['killall', async () => (await import('../psmisc/killall.ts')).busyboxKillall],
  ['mount', async () => (await import('../util-linux/mount.ts')).busyboxMount],
  ['nsenter', async () => (await import('./nsenter.ts')).busyboxNsenter],
  ['pgrep', async () => (await import('./pgrep.ts')).busyboxPgrep],
  ['pidof', async () => (await import('../procps/pidof.ts')).pidof],
  ['pkill', async () => (await import('./pgrep.ts')).busyboxPkill],
  ['ps', async () => (await import('./ps.ts')).busyboxPs],
  ['pstree', async () => (await import('../psmisc/pstree.ts')).busyboxPstree],
  ['setsid', async () => (await import('../util-linux/setsid.ts')).busyboxSetsid],
  ['top', async () => (await import('../procps/top.ts')).busyboxTop],
  ['umount', async () => (await import('../util-linux/mount.ts')).busyboxUmount],
  ['unshare', async () => (await import('../util-linux/unshare.ts')).busyboxUnshare],
  ['uptime', async () => (await import('../procps/uptime.ts')).busyboxUptime],
  ['w', async () => (await import('../procps/uptime.ts')).busyboxW],
  ['watch', async () => (await import('../procps/watch.ts')).busyboxWatch],
]
