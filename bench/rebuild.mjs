import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { drive } from './load.mjs';
import { countEvents } from './log.mjs';

/** A rebuild of fewer events says more about the start of a process than about the views. */
const LEAST_EVENTS = 50_000;

/** How fast a start without views makes them anew, beyond what a start with views takes. */
export async function rebuild(bench) {
  const { directoryPath, hot, say } = bench;
  for (let time = 0; time < 20 && countEvents(directoryPath) < LEAST_EVENTS; time += 1)
    await drive(bench.service.port, hot, { connections: 64, milliseconds: 1000 });
  const loaded = bench.service.memory();
  await bench.restart();
  const { startMs } = bench.service;
  await bench.restart(() => {
    for (const suffix of ['', '-wal', '-shm'])
      rmSync(join(directoryPath, `views.db${suffix}`), { force: true });
  });
  const { service } = bench;
  const events = countEvents(directoryPath);
  say(`  ${events} events; ready ${ms(startMs)} after the start with views, ${ms(service.startMs)} without`);
  const [rss, peak] = [service.memory()?.rss, service.memory()?.peak];
  if (loaded)
    say(`  resident memory: ${loaded.rss} MB after the load, ${rss} MB after the rebuild (peak ${peak} MB)`);
  return [
    {
      name: 'f  rebuild of the views, events',
      rate: events / ((service.startMs - startMs) / 1000),
      target: 'rate >= 50000',
      ...{ events, startMs, rebuildMs: service.startMs, memory: { loaded: loaded?.rss, rebuilt: rss, peak } },
    },
  ];
}

function ms(value) {
  return `${Math.round(value)} ms`;
}
