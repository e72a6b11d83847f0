/** All of docker: what `docker --help` lists. Help texts of docker/cli 20.10. */

import * as contexts from '../contexts.ts'
import { diskUsage } from '../disk-usage.ts'
import { events } from '../events.ts'
import { checkFilter } from '../filters.ts'
import { flagTable, withChecks } from '../flag-table.ts'
import type { Flag } from '../flags.ts'
import { inspect, inspectKind } from '../inspect.ts'
import { command, group, missing } from '../make-spec.ts'
import * as registry from '../registry.ts'
import { any, atLeast, atMost, type CommandSpec, exactly, none } from '../spec.ts'
import { info, version } from '../system.ts'
import { pruneSystem, pruneVolumes } from '../usage.ts'
import * as volumes from '../volume-commands.ts'
import { containerCommands, containerOnly, listCommand } from './container.ts'
import { imageCommands, imageOnly, imagesAtTop } from './image.ts'
import { networkGroup } from './network.ts'
import { swarmGroups } from './swarm.ts'

export const globalFlags: readonly Flag[] = flagTable(`
  --config string  Location of client config files (default "/root/.docker")
  -c, --context string  Name of the context to use to connect to the daemon (overrides DOCKER_HOST env var and default context set with "docker context use")
  -D, --debug  Enable debug mode
  -H, --host list  Daemon socket(s) to connect to
  -l, --log-level string  Set the logging level ("debug"|"info"|"warn"|"error"|"fatal") (default "info")
  --tls  Use TLS; implied by --tlsverify
  --tlscacert string  Trust certs signed only by this CA (default "/root/.docker/ca.pem")
  --tlscert string  Path to TLS certificate file (default "/root/.docker/cert.pem")
  --tlskey string  Path to TLS key file (default "/root/.docker/key.pem")
  --tlsverify  Use TLS and verify the remote
  -v, --version  Print version information and quit`)

const infoCommand = command('info', '[OPTIONS]', 'Display system-wide information', none, info, {
  flags: '-f, --format string  Format the output using the given Go template',
})

const eventsCommand = command('events', '[OPTIONS]', 'Get real time events from the server', none, events, {
  flags: withChecks(
    flagTable(`
      -f, --filter filter  Filter output based on conditions provided
      --format string  Format the output using the given Go template
      --since string  Show all events created since timestamp
      --until string  Stream events until this timestamp`),
    { filter: checkFilter },
  ),
})

/** A group of which nothing is modelled. */
const closed = (
  name: string,
  short: string,
  names: readonly (readonly [string, string])[] = [],
): CommandSpec =>
  names.length === 0
    ? { ...missing(name, short, 'COMMAND'), isManagement: true }
    : group(
        name,
        short,
        names.map(([inner, text]) => missing(inner, text)),
      )

/** No engine here has a plugin. */
const pluginList = command(
  'ls',
  '[OPTIONS]',
  'List plugins',
  none,
  (call) => {
    call.engine()
    if (!call.flags.bool('quiet') && !call.flags.changed('format'))
      call.context.out('ID        NAME      DESCRIPTION   ENABLED\n')
    return 0
  },
  {
    flags: `-f, --filter filter  Provide filter values (e.g. 'enabled=true')
      --format string  Pretty-print plugins using a Go template
      --no-trunc  Don't truncate output
      -q, --quiet  Only display plugin IDs`,
    aliases: ['list'],
  },
)

const byName = (a: CommandSpec, b: CommandSpec): number => (a.name < b.name ? -1 : 1)

const management: readonly CommandSpec[] = [
  closed('builder', 'Manage builds', [
    ['build', 'Build an image from a Dockerfile'],
    ['prune', 'Remove build cache'],
  ]),
  closed('completion', 'Generate the autocompletion script for the specified shell'),
  group('container', 'Manage containers', [...containerCommands, ...containerOnly].sort(byName)),
  group('context', 'Manage contexts', [
    command('create', '[OPTIONS] CONTEXT', 'Create a context', exactly(1), contexts.create, {
      flags: `--default-stack-orchestrator string  Default orchestrator for stack operations to use with this context (swarm|kubernetes|all)
        --description string  Description of the context
        --docker stringToString  set the docker endpoint (default [])
        --from string  create context from a named context
        --kubernetes stringToString  set the kubernetes endpoint (default [])`,
    }),
    missing('export', 'Export a context to a tar or kubeconfig file', '[OPTIONS] CONTEXT [FILE|-]'),
    missing('import', 'Import a context from a tar or zip file', 'CONTEXT FILE|-'),
    command(
      'inspect',
      '[OPTIONS] [CONTEXT] [CONTEXT...]',
      'Display detailed information on one or more contexts',
      any,
      contexts.inspect,
      { flags: '-f, --format string  Format the output using the given Go template' },
    ),
    command('ls', '[OPTIONS]', 'List contexts', none, contexts.list, {
      flags: `--format string  Pretty-print contexts using a Go template
        -q, --quiet  Only show context names`,
      aliases: ['list'],
    }),
    command('rm', 'CONTEXT [CONTEXT...]', 'Remove one or more contexts', atLeast(1), contexts.remove, {
      flags: '-f, --force  Force the removal of a context in use',
      aliases: ['remove'],
    }),
    missing('update', 'Update a context', '[OPTIONS] CONTEXT'),
    command('use', 'CONTEXT', 'Set the current docker context', exactly(1), contexts.use),
  ]),
  group('image', 'Manage images', [...imageCommands, ...imageOnly].sort(byName)),
  closed('manifest', 'Manage Docker image manifests and manifest lists'),
  networkGroup,
  group('plugin', 'Manage plugins', [
    missing(
      'create',
      'Create a plugin from a rootfs and configuration. Plugin data directory must contain config.json and rootfs directory.',
    ),
    missing('disable', 'Disable a plugin'),
    missing('enable', 'Enable a plugin'),
    missing('inspect', 'Display detailed information on one or more plugins'),
    missing('install', 'Install a plugin'),
    pluginList,
    missing('push', 'Push a plugin to a registry'),
    missing('rm', 'Remove one or more plugins'),
    missing('set', 'Change settings for a plugin'),
    missing('upgrade', 'Upgrade an existing plugin'),
  ]),
  ...swarmGroups,
  group('system', 'Manage Docker', [
    command('df', '[OPTIONS]', 'Show docker disk usage', none, diskUsage, {
      flags: `--format string  Pretty-print images using a Go template
        -v, --verbose  Show detailed information on space usage`,
    }),
    eventsCommand,
    infoCommand,
    command('prune', '[OPTIONS]', 'Remove unused data', none, pruneSystem, {
      flags: `-a, --all  Remove all unused images not just dangling ones
        --filter filter  Provide filter values (e.g. 'label=<key>=<value>')
        -f, --force  Do not prompt for confirmation
        --volumes  Prune volumes`,
    }),
  ]),
  closed('trust', 'Manage trust on Docker images'),
  group('volume', 'Manage volumes', [
    command('create', '[OPTIONS] [VOLUME]', 'Create a volume', atMost(1), volumes.create, {
      flags: `-d, --driver string  Specify volume driver name (default "local")
        --label list  Set metadata for a volume
        -o, --opt map  Set driver specific options (default map[])`,
    }),
    command(
      'inspect',
      '[OPTIONS] VOLUME [VOLUME...]',
      'Display detailed information on one or more volumes',
      atLeast(1),
      inspectKind('volume'),
      {
        flags: '-f, --format string  Format the output using the given Go template',
      },
    ),
    command('ls', '[OPTIONS]', 'List volumes', none, volumes.list, {
      flags: `-f, --filter filter  Provide filter values (e.g. 'dangling=true')
        --format string  Pretty-print volumes using a Go template
        -q, --quiet  Only display volume names`,
      aliases: ['list'],
    }),
    command('prune', '[OPTIONS]', 'Remove all unused local volumes', none, pruneVolumes, {
      flags: `--filter filter  Provide filter values (e.g. 'label=<label>')
        -f, --force  Do not prompt for confirmation`,
    }),
    command('rm', '[OPTIONS] VOLUME [VOLUME...]', 'Remove one or more volumes', atLeast(1), volumes.remove, {
      flags: '-f, --force  Force the removal of one or more volumes',
      aliases: ['remove'],
    }),
  ]),
]

const plain: readonly CommandSpec[] = [
  ...containerCommands,
  ...imageCommands,
  ...imagesAtTop,
  listCommand('ps', []),
  eventsCommand,
  infoCommand,
  command(
    'inspect',
    '[OPTIONS] NAME|ID [NAME|ID...]',
    'Return low-level information on Docker objects',
    atLeast(1),
    inspect,
    {
      flags: `-f, --format string  Format the output using the given Go template
      -s, --size  Display total file sizes if the type is container
      --type string  Return JSON for specified type`,
    },
  ),
  command('login', '[OPTIONS] [SERVER]', 'Log in to a Docker registry', atMost(1), registry.login, {
    flags: `-p, --password string  Password
      --password-stdin  Take the password from stdin
      -u, --username string  Username`,
  }),
  command('logout', '[SERVER]', 'Log out from a Docker registry', atMost(1), registry.logout),
  command('search', '[OPTIONS] TERM', 'Search the Docker Hub for images', exactly(1), registry.search, {
    flags: `-f, --filter filter  Filter output based on conditions provided
      --format string  Pretty-print search using a Go template
      --limit int  Max number of search results (default 25)
      --no-trunc  Don't truncate output`,
  }),
  command('version', '[OPTIONS]', 'Show the Docker version information', none, version, {
    flags: `-f, --format string  Format the output using the given Go template
      --kubeconfig string  Kubernetes config file`,
  }),
]

export const rootCommands: readonly CommandSpec[] = [
  ...[...management].sort(byName),
  ...[...plain].sort(byName),
]
