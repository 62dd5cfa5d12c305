/** Describes what a command of the official CLI calls. */
export interface CommandRow {
  /** The operations of the plain form, without flags. */
  readonly calls: readonly string[];
  /** The parameters that its words fill, in order. By default the path parameters of the first operation. */
  readonly words?: readonly string[];
  /** The parameters that flags fill. */
  readonly flags?: Readonly<Record<string, string>>;
  readonly forms?: readonly FormRow[];
}

/** Describes what a command calls with one of some flags, or in a case that no flag shows. */
export type FormRow = {
  readonly calls: readonly string[];
  /** True if these operations replace those of the plain form. */
  readonly instead?: true;
  /** The parameters of the command that mean the same for these operations. */
  readonly fills?: readonly string[];
} & ({ readonly flags: readonly [string, ...string[]] } | { readonly when: string });

const SAME_JOB = 'with --schedule if the job exists';
const OLDER = 'in older versions';

/**
 * The commands of the official CLI that call the API, sorted by name, from the source of that CLI. A command that calls
 * one operation is that operation's name.
 */
export const COMMAND_ROWS: Readonly<Record<string, string | CommandRow>> = {
  'accept price-increase': { calls: ['price_increase.list', 'price_increase.accept'] },
  'add network-disk': 'network_disk.add',
  'attach ssh': 'instance.attach_ssh',
  'cancel copy': 'copy.cancel',
  'cancel maint': 'machine.cancel_maint',
  'cancel sync': 'copy.cloud_cancel',
  'change bid': {
    calls: ['instance.change_bid'],
    forms: [
      { flags: ['--schedule'], calls: ['scheduled_job.create'] },
      { when: SAME_JOB, calls: ['scheduled_job.update'] },
    ],
  },
  'cleanup machine': 'machine.cleanup',
  'clone volume': 'volume.clone',
  'cloud copy': {
    calls: ['copy.cloud'],
    flags: { '--instance': 'id' },
    forms: [
      { flags: ['--schedule'], calls: ['instance.show', 'scheduled_job.create'], fills: ['id'] },
      { when: SAME_JOB, calls: ['scheduled_job.update'] },
    ],
  },
  copy: {
    calls: ['copy.start'],
    forms: [{ when: 'if one side is a path without a place in front', instead: true, calls: ['copy.rsync'] }],
  },
  'create api-key': 'apikey.create',
  'create cluster': 'cluster.create',
  'create endpoint': 'endpoint.create',
  'create env-var': 'env_var.create',
  'create instance': 'instance.create',
  'create instances': {
    calls: ['instance.create_bulk'],
    forms: [{ when: OLDER, instead: true, calls: ['instance.create'] }],
  },
  'create network-volume': 'network_volume.rent',
  'create overlay': 'overlay.create',
  'create ssh-key': 'ssh_key.create',
  'create subaccount': 'subaccount.create',
  'create team': 'team.create',
  'create team-role': 'team_role.create',
  'create template': 'template.create',
  'create volume': 'volume.rent',
  'create workergroup': 'workergroup.create_v0',
  'defrag machines': 'machine.defrag',
  'delete api-key': 'apikey.delete',
  'delete cluster': 'cluster.delete',
  'delete deployment': {
    calls: ['deployment.delete'],
    forms: [{ flags: ['--name'], instead: true, calls: ['deployment.delete_by_name'] }],
  },
  'delete endpoint': 'endpoint.delete',
  'delete env-var': 'env_var.delete',
  'delete machine': 'machine.delete',
  'delete overlay': 'overlay.delete',
  'delete scheduled-job': 'scheduled_job.delete',
  'delete ssh-key': 'ssh_key.delete',
  'delete template': 'template.delete',
  'delete volume': 'volume.delete',
  'delete workergroup': 'workergroup.delete_v0',
  'destroy instance': 'instance.destroy',
  'destroy instances': {
    calls: ['instance.destroy_bulk'],
    forms: [{ when: OLDER, instead: true, calls: ['instance.destroy'] }],
  },
  'destroy team': 'team.destroy',
  'detach ssh': 'instance.detach_ssh',
  'dump-logs': {
    // Without the flag it sends no request.
    calls: ['instance.show', 'instance.request_logs'],
    words: [],
    flags: { '--instance-id': 'id' },
  },
  execute: {
    calls: ['instance.execute'],
    forms: [
      { flags: ['--schedule'], calls: ['scheduled_job.create'] },
      { when: SAME_JOB, calls: ['scheduled_job.update'] },
    ],
  },
  'invite member': 'team.invite',
  'join cluster': 'cluster.join',
  'join overlay': 'overlay.join',
  'label instance': 'instance.manage',
  'launch instance': 'instance.launch',
  'list machine': 'machine.list_offer',
  'list machines': 'machine.list_offer',
  'list network-volume': 'network_volume.list_offer',
  'list volume': 'volume.list_offer',
  'list volumes': 'volume.list_offer',
  logs: 'instance.request_logs',
  'metrics gpu': 'metrics.gpu',
  'metrics gpu-locations': 'metrics.gpu_locations',
  'metrics gpu-trends': 'metrics.gpu_trends',
  'prepay instance': 'instance.prepay',
  'reboot instance': {
    calls: ['instance.reboot'],
    forms: [
      { flags: ['--schedule'], calls: ['scheduled_job.create'] },
      { when: SAME_JOB, calls: ['scheduled_job.update'] },
    ],
  },
  'recycle instance': 'instance.recycle',
  'reject price-increase': { calls: ['price_increase.list', 'price_increase.reject'] },
  'remove defjob': 'machine.remove_defjob',
  'remove member': 'team.remove_member',
  'remove team-role': 'team_role.remove',
  'remove-machine-from-cluster': 'cluster.remove_machine',
  reports: 'machine.reports',
  'reset api-key': 'apikey.reset',
  'schedule maint': 'machine.schedule_maint',
  'scp-url': 'instance.list',
  'search benchmarks': 'benchmark.list',
  'search instances': {
    calls: ['offer.search'],
    forms: [{ flags: ['--new'], instead: true, calls: ['offer.search_asks'] }],
  },
  'search invoices': 'invoice.search',
  'search network-volumes': 'network_volume.search',
  'search offers': {
    calls: ['offer.search'],
    forms: [{ flags: ['--new'], instead: true, calls: ['offer.search_asks'] }],
  },
  'search templates': 'template.search',
  'search volumes': 'volume.search',
  'self-test machine': {
    calls: ['offer.search', 'instance.create', 'instance.show', 'instance.destroy'],
    forms: [
      { when: 'if the test fails', calls: ['instance.request_logs'] },
      { when: 'if the machine has no offer', calls: ['machine.show'], fills: ['machine_id'] },
    ],
    words: ['machine_id'],
  },
  'set defjob': 'machine.set_defjob',
  'set min-bid': 'machine.set_min_bid',
  'set user': 'user.set',
  'show api-key': 'apikey.show',
  'show api-keys': 'apikey.list',
  'show audit-logs': 'audit_log.list',
  'show clusters': 'cluster.list',
  'show connections': 'connection.list',
  'show deployment': 'deployment.show',
  'show deployment-versions': 'deployment.versions',
  'show deployments': 'deployment.list',
  'show deposit': 'instance.show_deposit',
  'show earnings': 'earning.machine',
  'show endpoints': 'endpoint.list',
  'show env-vars': 'env_var.list',
  'show instance': 'instance.show',
  'show instances': { calls: ['instance.list', 'instance.filters'] },
  'show instances-v1': { calls: ['instance.list', 'instance.filters'] },
  'show invoices': {
    calls: ['invoice.user_list'],
    forms: [{ flags: ['--instance_label'], calls: ['contract.fetch'] }],
  },
  'show invoices-v1': {
    calls: ['invoice.list'],
    forms: [{ flags: ['--charges', '-c'], instead: true, calls: ['charge.list'] }],
  },
  'show ipaddrs': 'user.ipaddrs',
  'show machine': 'machine.show',
  'show machines': 'machine.list',
  'show maints': 'machine.maintenances',
  'show members': 'team.members',
  'show network-disks': 'network_disk.list',
  'show overlays': 'overlay.list',
  'show pending-price-increases': 'price_increase.list',
  'show scheduled-jobs': 'scheduled_job.list',
  'show ssh-keys': 'ssh_key.list',
  'show subaccounts': 'subaccount.list',
  'show team-role': 'team_role.show',
  'show team-roles': 'team_role.list',
  'show user': 'user.show',
  'show volumes': 'volume.list',
  'show workergroups': 'workergroup.list_v0',
  'ssh-url': 'instance.list',
  'start deployment': 'deployment.start',
  'start instance': 'instance.manage',
  'start instances': {
    calls: ['instance.manage_bulk'],
    forms: [{ when: OLDER, instead: true, calls: ['instance.manage'] }],
  },
  'stop deployment': 'deployment.stop',
  'stop instance': 'instance.manage',
  'stop instances': {
    calls: ['instance.manage_bulk'],
    forms: [{ when: OLDER, instead: true, calls: ['instance.manage'] }],
  },
  'take snapshot': 'instance.take_snapshot',
  'tfa activate': 'tfa.activate',
  'tfa auth-new': {
    calls: ['tfa.authorize_start'],
    forms: [{ flags: ['--code', '-c'], instead: true, calls: ['tfa.authorize_confirm'] }],
  },
  'tfa delete': 'tfa.delete',
  'tfa login': 'tfa.login',
  'tfa regen-codes': 'tfa.regen_codes',
  'tfa resend-sms': 'tfa.resend_sms',
  'tfa send-email': 'tfa.send_email',
  'tfa send-sms': 'tfa.send_sms',
  'tfa status': 'tfa.status',
  'tfa totp-setup': 'tfa.totp_setup',
  'tfa update': 'tfa.update',
  'transfer credit': 'credit.transfer',
  'unlist machine': 'machine.unlist',
  'unlist network-volume': 'network_volume.unlist',
  'unlist volume': 'volume.unlist',
  'update endpoint': 'endpoint.update',
  'update env-var': 'env_var.update',
  'update instance': 'instance.update_template',
  'update ssh-key': 'ssh_key.update',
  'update team-role': 'team_role.update',
  'update template': 'template.edit',
  'update workergroup': 'workergroup.update_v0',
};

/** The flags of that CLI that take no value in any command. */
export const SWITCHES: ReadonlySet<string> = new Set(
  (
    '--all --cancel --cancel-unavail --charges --check --curl --daemon-logs --debugging --delete- ' +
    'excluded --direct --disable-compression --dry-run --explain --force --full --help --hide-readme ' +
    '--ignore-existing --ignore-requirements --include-local-host-artifacts --invoices --jupyter ' +
    '--jupyter-lab --lang-utf8 --latest-first --new --no-cache --no-color --no-default --no-support- ' +
    'bundle --only-charges --only-credits --public --python-utf8 --quiet --raw --show-values --size- ' +
    'only --skip --ssh --update --verbose --version --yes -h -q -y'
  ).split(' '),
);
