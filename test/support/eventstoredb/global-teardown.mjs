export default async function tearDown() {
  await globalThis.eventStoreDbPeer?.stop();
}
