/** The commands about containers: they stand both at the top and below `docker container`. Help texts of docker/cli 20.10. */
import { exportContainer } from '../archives.ts'
import { commit, diff, update } from '../changes.ts'
import { copy } from '../copy.ts'
import { exec } from '../exec.ts'
import { checkFilter } from '../filters.ts'
import { flagTable, withChecks } from '../flag-table.ts'
import { inspectKind } from '../inspect.ts'
import { attach, kill, pause, remove, rename, restart, start, stop, unpause, wait } from '../lifecycle.ts'
import { logs } from '../logs.ts'
import { command, missing } from '../make-spec.ts'
import { ps } from '../ps.ts'
import { createOnly, run } from '../run.ts'
import { any, atLeast, between, type CommandSpec, exactly, none } from '../spec.ts'
import { stats } from '../stats.ts'
import { port, top } from '../views.ts'
import { pruneContainers } from '../volume-commands.ts'
import { createFlags, runFlags } from './run-flags.ts'

const KEYS = '--detach-keys string  Override the key sequence for detaching a container'
const MANY = '[OPTIONS] CONTAINER [CONTAINER...]'

const psFlags = withChecks(
  flagTable(`
    -a, --all  Show all containers (default shows just running)
    -f, --filter filter  Filter output based on conditions provided
    --format string  Pretty-print containers using a Go template
    -n, --last int  Show n last created containers (includes all states) (default -1)
    -l, --latest  Show the latest created container (includes all states)
    --no-trunc  Don't truncate output
    -q, --quiet  Only display container IDs
    -s, --size  Display total file sizes`),
  { filter: checkFilter },
)

export const listCommand = (name: string, aliases: readonly string[]): CommandSpec =>
  command(name, '[OPTIONS]', 'List containers', none, ps, { flags: psFlags, aliases })

/** Those that have the same name in both places. */
export const containerCommands: readonly CommandSpec[] = [
  command(
    'attach',
    '[OPTIONS] CONTAINER',
    'Attach local standard input, output, and error streams to a running container',
    exactly(1),
    attach,
    {
      flags: `${KEYS}
      --no-stdin  Do not attach STDIN
      --sig-proxy  Proxy all received signals to the process (default true)`,
    },
  ),
  command(
    'commit',
    '[OPTIONS] CONTAINER [REPOSITORY[:TAG]]',
    "Create a new image from a container's changes",
    between(1, 2),
    commit,
    {
      flags: `-a, --author string  Author (e.g., "John Hannibal Smith <hannibal@a-team.com>")
      -c, --change list  Apply Dockerfile instruction to the created image
      -m, --message string  Commit message
      -p, --pause  Pause container during commit (default true)`,
    },
  ),
  command(
    'cp',
    '[OPTIONS] CONTAINER:SRC_PATH DEST_PATH|-\n\tdocker cp [OPTIONS] SRC_PATH|- CONTAINER:DEST_PATH',
    'Copy files/folders between a container and the local filesystem',
    exactly(2),
    copy,
    {
      flags: `-a, --archive  Archive mode (copy all uid/gid information)
      -L, --follow-link  Always follow symbol link in SRC_PATH`,
    },
  ),
  command('create', '[OPTIONS] IMAGE [COMMAND] [ARG...]', 'Create a new container', atLeast(1), createOnly, {
    flags: createFlags,
    interspersed: false,
  }),
  command(
    'diff',
    'CONTAINER',
    "Inspect changes to files or directories on a container's filesystem",
    exactly(1),
    diff,
  ),
  command(
    'exec',
    '[OPTIONS] CONTAINER COMMAND [ARG...]',
    'Run a command in a running container',
    atLeast(2),
    exec,
    {
      flags: `-d, --detach  Detached mode: run command in the background
      ${KEYS}
      -e, --env list  Set environment variables
      --env-file list  Read in a file of environment variables
      -i, --interactive  Keep STDIN open even if not attached
      --privileged  Give extended privileges to the command
      -t, --tty  Allocate a pseudo-TTY
      -u, --user string  Username or UID (format: <name|uid>[:<group|gid>])
      -w, --workdir string  Working directory inside the container`,
      interspersed: false,
    },
  ),
  {
    ...missing(
      'export',
      "Export a container's filesystem as a tar archive",
      '[OPTIONS] CONTAINER',
      '-o, --output string  Write to a file, instead of STDOUT',
      exactly(1),
    ),
    run: exportContainer,
  },
  command('kill', MANY, 'Kill one or more running containers', atLeast(1), kill, {
    flags: '-s, --signal string  Signal to send to the container (default "KILL")',
  }),
  command('logs', '[OPTIONS] CONTAINER', 'Fetch the logs of a container', exactly(1), logs, {
    flags: `--details  Show extra details provided to logs
      -f, --follow  Follow log output
      --since string  Show logs since timestamp (e.g. 2013-01-02T13:23:37Z) or relative (e.g. 42m for 42 minutes)
      -n, --tail string  Number of lines to show from the end of the logs (default "all")
      -t, --timestamps  Show timestamps
      --until string  Show logs before a timestamp (e.g. 2013-01-02T13:23:37Z) or relative (e.g. 42m for 42 minutes)`,
  }),
  command(
    'pause',
    'CONTAINER [CONTAINER...]',
    'Pause all processes within one or more containers',
    atLeast(1),
    pause,
  ),
  command(
    'port',
    'CONTAINER [PRIVATE_PORT[/PROTO]]',
    'List port mappings or a specific mapping for the container',
    between(1, 2),
    port,
  ),
  command('rename', 'CONTAINER NEW_NAME', 'Rename a container', exactly(2), rename),
  command('restart', MANY, 'Restart one or more containers', atLeast(1), restart, {
    flags: '-t, --time int  Seconds to wait for stop before killing the container (default 10)',
  }),
  command('rm', MANY, 'Remove one or more containers', atLeast(1), remove, {
    flags: `-f, --force  Force the removal of a running container (uses SIGKILL)
      -l, --link  Remove the specified link
      -v, --volumes  Remove anonymous volumes associated with the container`,
  }),
  command('run', '[OPTIONS] IMAGE [COMMAND] [ARG...]', 'Run a command in a new container', atLeast(1), run, {
    flags: runFlags,
    interspersed: false,
  }),
  command('start', MANY, 'Start one or more stopped containers', atLeast(1), start, {
    flags: flagTable(`-a, --attach  Attach STDOUT/STDERR and forward signals
      --checkpoint string  Restore from this checkpoint
      --checkpoint-dir string  Use a custom checkpoint storage directory
      ${KEYS}
      -i, --interactive  Attach container's STDIN`).map((flag) =>
      flag.name.startsWith('checkpoint') ? { ...flag, hidden: true } : flag,
    ),
  }),
  command(
    'stats',
    '[OPTIONS] [CONTAINER...]',
    'Display a live stream of container(s) resource usage statistics',
    any,
    stats,
    {
      flags: `-a, --all  Show all containers (default shows just running)
      --format string  Pretty-print images using a Go template
      --no-stream  Disable streaming stats and only pull the first result
      --no-trunc  Do not truncate output`,
    },
  ),
  command('stop', MANY, 'Stop one or more running containers', atLeast(1), stop, {
    flags: '-t, --time int  Seconds to wait for stop before killing it (default 10)',
  }),
  command('top', 'CONTAINER [ps OPTIONS]', 'Display the running processes of a container', atLeast(1), top, {
    interspersed: false,
  }),
  command(
    'unpause',
    'CONTAINER [CONTAINER...]',
    'Unpause all processes within one or more containers',
    atLeast(1),
    unpause,
  ),
  command('update', MANY, 'Update configuration of one or more containers', atLeast(1), update, {
    flags: `--blkio-weight uint16  Block IO (relative weight), between 10 and 1000, or 0 to disable (default 0)
      --cpu-period int  Limit CPU CFS (Completely Fair Scheduler) period
      --cpu-quota int  Limit CPU CFS (Completely Fair Scheduler) quota
      --cpu-rt-period int  Limit the CPU real-time period in microseconds
      --cpu-rt-runtime int  Limit the CPU real-time runtime in microseconds
      -c, --cpu-shares int  CPU shares (relative weight)
      --cpus decimal  Number of CPUs
      --cpuset-cpus string  CPUs in which to allow execution (0-3, 0,1)
      --cpuset-mems string  MEMs in which to allow execution (0-3, 0,1)
      --kernel-memory bytes  Kernel memory limit
      -m, --memory bytes  Memory limit
      --memory-reservation bytes  Memory soft limit
      --memory-swap bytes  Swap limit equal to memory plus swap: '-1' to enable unlimited swap
      --pids-limit int  Tune container pids limit (set -1 for unlimited)
      --restart string  Restart policy to apply when a container exits`,
  }),
  command(
    'wait',
    'CONTAINER [CONTAINER...]',
    'Block until one or more containers stop, then print their exit codes',
    atLeast(1),
    wait,
  ),
]

/** Only below `docker container`. */
export const containerOnly: readonly CommandSpec[] = [
  command(
    'inspect',
    MANY,
    'Display detailed information on one or more containers',
    atLeast(1),
    inspectKind('container'),
    {
      flags: `-f, --format string  Format the output using the given Go template
      -s, --size  Display total file sizes`,
    },
  ),
  listCommand('ls', ['ps', 'list']),
  command('prune', '[OPTIONS]', 'Remove all stopped containers', none, pruneContainers, {
    flags: `--filter filter  Provide filter values (e.g. 'until=<timestamp>')
      -f, --force  Do not prompt for confirmation`,
  }),
]
