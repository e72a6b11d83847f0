/** Programs about processes, namespaces and mounts (procps, psmisc, util-linux, chroot), by their file-tree names. */
import type { CommandLoader } from './network-programs.ts'

export const systemPrograms: readonly (readonly [string, CommandLoader])[] = [
  ['coreutils/chroot', async () => (await import('./coreutils/chroot.ts')).chroot],
  ['procps/free', async () => (await import('./procps/memory.ts')).free],
  ['procps/kill', async () => (await import('./procps/kill.ts')).kill],
  ['procps/pgrep', async () => (await import('./procps/pgrep.ts')).pgrep],
  ['procps/pidof', async () => (await import('./procps/pidof.ts')).pidof],
  ['procps/pkill', async () => (await import('./procps/pgrep.ts')).pkill],
  ['procps/ps', async () => (await import('./procps/ps.ts')).ps],
  ['procps/top', async () => (await import('./procps/top.ts')).top],
  ['procps/uptime', async () => (await import('./procps/uptime.ts')).uptime],
  ['procps/w', async () => (await import('./procps/uptime.ts')).w],
  ['procps/watch', async () => (await import('./procps/watch.ts')).watch],
  ['psmisc/killall', async () => (await import('./psmisc/killall.ts')).killall],
  ['psmisc/pstree', async () => (await import('./psmisc/pstree.ts')).pstree],
  ['systemd/journalctl', async () => (await import('./systemd/journalctl.ts')).journalctl],
  ['systemd/systemctl', async () => (await import('./systemd/systemctl.ts')).systemctl],
  ['util-linux/dmesg', async () => (await import('./util-linux/dmesg.ts')).dmesg],
  ['util-linux/findmnt', async () => (await import('./util-linux/findmnt.ts')).findmnt],
  ['util-linux/lsns', async () => (await import('./util-linux/lsns.ts')).lsns],
  ['util-linux/mount', async () => (await import('./util-linux/mount.ts')).mount],
  ['util-linux/nsenter', async () => (await import('./util-linux/nsenter.ts')).nsenter],
  ['util-linux/setsid', async () => (await import('./util-linux/setsid.ts')).setsid],
  ['util-linux/umount', async () => (await import('./util-linux/mount.ts')).umount],
  ['util-linux/unshare', async () => (await import('./util-linux/unshare.ts')).unshare],
]
