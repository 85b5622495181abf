// #region query
import { SpireDBConnector } from '@spire/sdk';

await using spire = await SpireDBConnector.create({ environment: 'local' });

const workflow = await spire.workflows.getByTrait(30);
const [latest] = await spire.history.latest({ workflowId: workflow.id });
console.log(`${workflow.name}: ${latest?.stage} of ${latest?.argDate} was a ${latest?.status}`);
// #endregion
