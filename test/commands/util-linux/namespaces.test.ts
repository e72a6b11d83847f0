/** nsenter, unshare, chroot, lsns, mount on the lab; the wordings are those of util-linux 2.38, coreutils 9.1, busybox 1.35. */
import { expect, test } from 'vitest'
import { openLab } from '../lab-lines.ts'

const PID = '$(docker inspect -f "{{.State.Pid}}" c1)'

test('nsenter sees the namespaces that were named, and the host for the rest', async () => {
  const { run } = openLab()
  await run('docker run -dit --name c1 --hostname inside busybox')
  expect(await run(`nsenter -t ${PID} -n hostname`)).toBe('host1\n')
  expect(await run(`nsenter -t ${PID} -u hostname`)).toBe('inside\n')
  expect(await run(`nsenter --target ${PID} --net ip -br -4 addr show eth0`)).toMatch(
    /^eth0@if\d+ +UP +172\.17\.0\.2\/16 \n$/,
  )
  expect(await run(`nsenter --net=/proc/${PID}/ns/net -- ip -br link show eth0`)).toContain('eth0@if')
  expect(await run(`nsenter -t ${PID} -a ps`)).toMatch(
    /^PID {3}USER {5}TIME {2}COMMAND\n {4}1 root {6}0:00 sh\n +\d+ root {6}0:00 ps\n$/,
  )
  expect(await run(`nsenter -t ${PID} -m -n bash`)).toBe(
    'nsenter: failed to execute bash: No such file or directory\n[exit 127]\n',
  )
})

test('nsenter refuses in its own words', async () => {
  const { run } = openLab()
  expect(await run('nsenter -t 99999 -n true')).toBe(
    'nsenter: cannot open /proc/99999/ns/net: No such file or directory\n[exit 1]\n',
  )
  expect(await run('nsenter -n true')).toBe(
    'nsenter: neither filename nor target pid supplied for ns/net\n[exit 1]\n',
  )
  expect(await run('nsenter -t foo -n')).toBe("nsenter: failed to parse pid: 'foo'\n[exit 1]\n")
  expect(await run('nsenter --net=/etc/passwd true')).toBe(
    "nsenter: reassociate to namespace 'ns/net' failed: Invalid argument\n[exit 1]\n",
  )
  expect(await run('nsenter -x')).toBe(
    "nsenter: invalid option -- 'x'\nTry 'nsenter --help' for more information.\n[exit 1]\n",
  )
})

test('a container without privileges may not look into the host', async () => {
  const { run } = openLab()
  expect(await run('docker run --rm --pid=host busybox nsenter -t 1 -n ip addr')).toBe(
    "nsenter: can't open '/proc/1/ns/net': Permission denied\n[exit 1]\n",
  )
  expect(await run('docker run --rm busybox unshare -n true')).toBe(
    'unshare: unshare(0x40000000): Operation not permitted\n[exit 1]\n',
  )
  expect(await run('docker run --rm busybox dmesg')).toBe(
    'dmesg: klogctl: Operation not permitted\n[exit 1]\n',
  )
  expect(await run('docker run --rm busybox mount -t tmpfs none /tmp')).toBe(
    'mount: permission denied (are you root?)\n[exit 1]\n',
  )
  expect(await run('docker run --rm --privileged --pid=host busybox nsenter -t 1 -m -u -n -- hostname')).toBe(
    'host1\n',
  )
})

test('chroot runs the programs of the other root', async () => {
  const { run } = openLab()
  expect(
    await run(
      'docker run --rm --privileged --net=host -v /:/host busybox chroot /host ip -br link show eth0',
    ),
  ).toContain('eth0 ')
  expect(await run('docker run --rm -v /:/host busybox chroot /host cat /etc/hostname')).toBe('host1\n')
  expect(await run('chroot /nosuch ls')).toBe(
    "chroot: cannot change root directory to '/nosuch': No such file or directory\n[exit 125]\n",
  )
  expect(await run('chroot / nosuch')).toBe(
    "chroot: failed to run command 'nosuch': No such file or directory\n[exit 127]\n",
  )
  expect(await run('chroot /tmp')).toContain('failed to run command')
  expect(await run('docker run --rm busybox chroot /nosuch')).toBe(
    "chroot: can't change root directory to '/nosuch': No such file or directory\n[exit 1]\n",
  )
})

test('unshare makes namespaces that end with their program', async () => {
  const { run, session } = openLab()
  const kernel = session.world.kernels.get('host1')!
  const before = [kernel.namespaces.size, kernel.mountNamespaces.size, kernel.pidNamespaces.size]
  expect(await run('unshare -n ip -br link')).toBe(
    'lo               DOWN           00:00:00:00:00:00 <LOOPBACK> \n',
  )
  expect(await run('unshare -u sh -c "hostname other; hostname"; hostname')).toBe('other\nhost1\n')
  expect(await run("unshare --pid --fork --mount-proc sh -c 'echo $$; ps -e | wc -l'")).toBe('1\n4\n')
  expect(await run('unshare -n nosuch')).toBe(
    'unshare: failed to execute nosuch: No such file or directory\n[exit 127]\n',
  )
  expect([kernel.namespaces.size, kernel.mountNamespaces.size, kernel.pidNamespaces.size]).toEqual(before)
})

test('a namespace that is mounted on a file outlives its processes', async () => {
  const { run } = openLab()
  await run('mkdir -p /run/netns; touch /run/netns/kept')
  await run("unshare -n sh -c 'ip link add d0 type bridge; mount --bind /proc/self/ns/net /run/netns/kept'")
  expect(await run('nsenter --net=/run/netns/kept ip -br link show d0')).toContain('d0 ')
  expect(await run('ip netns exec kept ip -br link show d0')).toContain('d0 ')
  expect(await run('umount /run/netns/kept; nsenter --net=/run/netns/kept true')).toContain(
    'Invalid argument',
  )
})

test('lsns counts the processes of each namespace', async () => {
  const { run } = openLab()
  await run('docker run -d --name web nginx; sleep 1')
  const lines = (await run('lsns -t net -o NS,NPROCS,NETNSID,COMMAND')).split('\n')
  expect(lines[0]).toBe('        NS NPROCS    NETNSID COMMAND')
  expect(lines[1]).toMatch(/^\d{10} {6}5 unassigned \/sbin\/init$/)
  expect(lines[2]).toMatch(/^\d{10} {6}3 {10}0 nginx: master process nginx -g daemon off;$/)
  expect(await run('lsns -t foo')).toBe('lsns: unknown namespace type: foo\n[exit 1]\n')
  expect(await run('lsns -o FOO')).toBe('lsns: unknown column: FOO\n[exit 1]\n')
})

test('mount and umount change what is seen at a path', async () => {
  const { run } = openLab()
  await run('mkdir /tmp/a /tmp/b; mount -t tmpfs none /tmp/a; echo hi > /tmp/a/x; mount --bind /tmp/a /tmp/b')
  expect(await run('cat /tmp/b/x; mount | grep -c /tmp/')).toBe('hi\n2\n')
  expect(await run('findmnt -n -o TARGET,FSTYPE /tmp/b')).toBe('/tmp/b tmpfs\n')
  await run('mount -o remount,ro /tmp/b')
  expect(await run('echo y > /tmp/b/y')).toContain('Read-only file system')
  expect(await run('umount /tmp/b; ls /tmp/b; umount /tmp/b')).toBe(
    'umount: /tmp/b: not mounted.\n[exit 32]\n',
  )
  expect(await run('cd /tmp/a; umount /tmp/a')).toBe('umount: /tmp/a: target is busy.\n[exit 32]\n')
  expect(await run('umount /nosuch')).toBe('umount: /nosuch: no mount point specified.\n[exit 32]\n')
})
