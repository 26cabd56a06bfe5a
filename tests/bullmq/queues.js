// Fills a Redis with queues as an application would, by the real library.
//   node queues.js bullmq5 6379 [all]     prints "ready" and works on until its input ends
// "all" adds what is rare: rate limiters, lifo jobs, many active ones, a promoted one.
// "bull" is the classic library, "bullmq3" … "bullmq6" the versions of the other.
const [, , library, port, extent] = process.argv;
const connection = { host: '127.0.0.1', port: Number(port), maxRetriesPerRequest: null };
const isClassic = library === 'bull';
const lib = require(library);
const until = (test) => new Promise((done) => {
  const timer = setInterval(async () => { if (await test()) { clearInterval(timer); done(); } }, 50);
});

const queueNamed = (name, settings, prefix = 'bull') =>
  isClassic ? new lib(name, { redis: connection, settings, prefix }) : new lib.Queue(name, { connection, prefix });

async function paused() {
  const queue = queueNamed('mail');
  for (let i = 0; i < 3; i++) await queue.add('send', { to: 'someone', secret: 'private' });
  await queue.pause();
}

async function prioritized() {
  const queue = queueNamed('prio');
  for (const priority of [10, 5, 1]) await queue.add('ranked', {}, { priority });
  await queue.add('plain', {});
}

// A worker that takes a job and is never heard of again: its lock ends.
async function stalled() {
  const queue = queueNamed('images', { lockDuration: 300, stalledInterval: 600000 });
  await queue.add('resize', {});
  if (isClassic) {
    await queue.getNextJob();
  } else {
    const worker = new lib.Worker('images', null, { connection, lockDuration: 300, autorun: false });
    await worker.waitUntilReady();
    await worker.getNextJob('gone');
    await worker.close(true);
  }
}

async function late() {
  await queueNamed('late').add('reminder', {}, { delay: isClassic ? 5 : 1 });
  await queueNamed('later').add('reminder', {}, { delay: 3600000 });
}

async function repeating() {
  const queue = queueNamed('cron');
  if (queue.upsertJobScheduler) await queue.upsertJobScheduler('tick', { every: 3600000 });
  else await queue.add('tick', {}, { repeat: { every: 3600000 } });
}

async function flow() {
  if (isClassic) return;
  const producer = new lib.FlowProducer({ connection });
  await producer.add({
    name: 'album', queueName: 'parents',
    children: [{ name: 'photo', queueName: 'children' }, { name: 'photo', queueName: 'children' }],
  });
}

async function working() {
  const queue = queueNamed('work');
  const handle = async (job) => {
    if (job.data.bad) throw new Error(`user ${job.data.bad} not found`);
  };
  if (isClassic) queue.process('do', handle);
  else new lib.Worker('work', handle, { connection });
  for (let i = 0; i < 7; i++) await queue.add('do', { bad: i < 3 ? 100 + i : 0 });
  await until(async () => (await queue.getCompletedCount()) === 4 && (await queue.getFailedCount()) === 3);
}

// A prefix with a colon of its own, and jobs that leave nothing behind.
async function elsewhere() {
  const prefix = 'prod:bull';
  const queue = queueNamed('far', undefined, prefix);
  if (isClassic) queue.process('do', async () => {});
  else new lib.Worker('far', async () => {}, { connection, prefix });
  for (let i = 0; i < 3; i++) await queue.add('do', {}, { removeOnComplete: true });
  await queue.add('do', {}, { delay: 3600000 });
  const left = async () => (await queue.getWaitingCount()) + (await queue.getActiveCount());
  await until(async () => (await left()) === 0);
}

// Takes `count` of `jobs` and is never heard of again: their locks end.
async function abandoned(name, jobs, count) {
  const queue = queueNamed(name, { lockDuration: 300, stalledInterval: 600000 });
  for (let i = 0; i < jobs; i++) await queue.add('encode', {});
  if (isClassic) {
    for (let i = 0; i < count; i++) await queue.getNextJob();
    return;
  }
  const worker = new lib.Worker(name, null, { connection, lockDuration: 300, autorun: false });
  await worker.waitUntilReady();
  for (let i = 0; i < count; i++) await worker.getNextJob('gone');
  await worker.close(true);
}

// Three of the oldest are dead, the sixty behind them are worked on.
async function manyActive() {
  await abandoned('crowd', 63, 3);
  const never = () => new Promise(() => {});
  if (isClassic) queueNamed('crowd').process('encode', 60, never);
  else new lib.Worker('crowd', never, { connection, concurrency: 60, stalledInterval: 600000 });
  await until(async () => (await queueNamed('crowd').getActiveCount()) === 63);
}

async function limited() {
  const limiter = { max: 2, duration: 600000 };
  const queue = isClassic ? new lib('limited', { redis: connection, limiter }) : queueNamed('limited');
  if (isClassic) queue.process('do', async () => {});
  else new lib.Worker('limited', async () => {}, { connection, limiter });
  if (queue.setGlobalRateLimit) await queue.setGlobalRateLimit(2, 600000);
  for (let i = 0; i < 5; i++) await queue.add('do', {});
  await until(async () => (await queue.getCompletedCount()) === 2);
}

// Its limiter counts, and has room left.
async function roomy() {
  const limiter = { max: 100, duration: 600000 };
  const queue = isClassic ? new lib('roomy', { redis: connection, limiter }) : queueNamed('roomy');
  if (isClassic) queue.process('do', async () => {});
  else new lib.Worker('roomy', async () => {}, { connection, limiter });
  if (queue.setGlobalRateLimit) await queue.setGlobalRateLimit(100, 600000);
  for (let i = 0; i < 3; i++) await queue.add('do', {});
  await until(async () => (await queue.getCompletedCount()) === 3);
}

async function lifo() {
  const queue = queueNamed('lifo');
  const timestamp = Date.now() - 7200000;
  for (let i = 0; i < 5; i++) await queue.add('old', {}, { timestamp });
  await queue.add('new', {}, { lifo: true });
}

async function promoted() {
  const queue = queueNamed('promoted');
  const job = await queue.add('reminder', {}, { delay: 86400000, timestamp: Date.now() - 43200000 });
  await job.promote();
}

process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
(async () => {
  await paused();
  await prioritized();
  await stalled();
  await late();
  await repeating();
  await flow();
  await working();
  await elsewhere();
  if (extent === 'all') {
    await limited();
    await roomy();
    await lifo();
    await promoted();
    await manyActive();
  }
  setTimeout(() => console.log('ready'), 1000);  // the lock of the stalled job has ended by then
})().catch((error) => { console.error(error); process.exit(1); });
