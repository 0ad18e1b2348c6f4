// The AWS SDK for JavaScript, end to end: prints what it saw as JSON.
import {createRequire} from "node:module";

const require = createRequire(`${process.env.SIGNALBOX_NODE_MODULES}/`);
const sqs = require("@aws-sdk/client-sqs");

const client = new sqs.SQSClient({maxAttempts: 1});
const call = (name, params) => client.send(new sqs[`${name}Command`](params));
const seen = {};

const {QueueUrl} = await call("CreateQueue", {QueueName: "javascript", Attributes: {VisibilityTimeout: "1"}});
const bytes = Uint8Array.from({length: 256}, (_, value) => value);
const MessageAttributes = {
  note: {DataType: "String", StringValue: "żółw 🐢"}, raw: {DataType: "Binary", BinaryValue: bytes},
};
await call("SendMessage", {QueueUrl, MessageBody: "<b>one</b> 💥", MessageAttributes});

const ask = {QueueUrl, WaitTimeSeconds: 5, MessageAttributeNames: ["All"], MessageSystemAttributeNames: ["All"]};
const first = (await call("ReceiveMessage", ask)).Messages[0];
const again = (await call("ReceiveMessage", ask)).Messages[0];
seen.body = again.Body;
seen.receives = [first, again].map((message) => message.Attributes.ApproximateReceiveCount);
seen.same = first.MessageId === again.MessageId && first.ReceiptHandle !== again.ReceiptHandle;
seen.note = again.MessageAttributes.note.StringValue;
seen.raw = Buffer.compare(Buffer.from(again.MessageAttributes.raw.BinaryValue), Buffer.from(bytes)) === 0;
await call("DeleteMessage", {QueueUrl, ReceiptHandle: again.ReceiptHandle});

const Entries = Array.from({length: 10}, (_, number) => ({Id: `e${number}`, MessageBody: `b${number}`}));
seen.batch = (await call("SendMessageBatch", {QueueUrl, Entries})).Successful.length;
seen.poll = ((await call("ReceiveMessage", {QueueUrl, MaxNumberOfMessages: 10})).Messages ?? []).length;
seen.attributes = (await call("GetQueueAttributes", {QueueUrl, AttributeNames: ["All"]})).Attributes.VisibilityTimeout;
seen.urls = (await call("ListQueues", {QueueNamePrefix: "java"})).QueueUrls.length;

try {
  await call("GetQueueUrl", {QueueName: "nobody"});
} catch (error) {
  seen.error = {isClass: error instanceof sqs.QueueDoesNotExist, status: error.$metadata.httpStatusCode,
    hasId: Boolean(error.$metadata.requestId)};
}
await call("DeleteQueue", {QueueUrl});
process.stdout.write(JSON.stringify(seen));
