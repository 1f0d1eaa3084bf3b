import { parentPort, workerData } from 'node:worker_threads';
import { measureVictim } from './victim.mjs';

// On a thread of its own: the work of the attackers would be taken for that of the service.
const stopping = new AbortController();
parentPort.once('message', () => stopping.abort());
const measured = await measureVictim(workerData, stopping.signal, ({ ms }) => parentPort.postMessage({ ms }));
parentPort.postMessage({ measured });
