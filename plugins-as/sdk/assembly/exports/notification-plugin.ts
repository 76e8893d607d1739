import { takeJson, takeString } from "../abi/lift";
import { cabi_post } from "../abi/loan";
import { failed, lowerStrings, outcome, succeeded } from "../abi/lower";
import { AREA } from "../abi/memory";
import { Notification } from "../notification";
import { registered } from "../register";

export * from "./plugin";

@global
class ExportsNotificationPlugin {}

export function notification_plugin$send_notification(
  channel: usize,
  channelLength: usize,
  recipient: usize,
  recipientLength: usize,
  subject: usize,
  subjectLength: usize,
  body: usize,
  bodyLength: usize,
  data: usize,
  dataLength: usize,
): usize {
  const notification = new Notification(
    takeString(channel, channelLength),
    takeString(recipient, recipientLength),
    takeString(subject, subjectLength),
    takeString(body, bodyLength),
  );
  const more = takeJson(data, dataLength);
  if (more.isErr) return failed(more.error!);
  notification.data = more.value;
  return outcome(registered.notificationPlugin!.sendNotification(notification));
}

export function notification_plugin$supported_channels(): usize {
  lowerStrings(AREA, registered.notificationPlugin!.supportedChannels());
  return AREA;
}

export function notification_plugin$test_connection(): usize {
  const answer = registered.notificationPlugin!.testConnection();
  if (answer.isErr) return failed(answer.error!);
  store<bool>(AREA, answer.value, 4);
  return succeeded();
}

export {
  cabi_post as cabi_post$notification_plugin$send_notification,
  cabi_post as cabi_post$notification_plugin$supported_channels,
  cabi_post as cabi_post$notification_plugin$test_connection,
};
