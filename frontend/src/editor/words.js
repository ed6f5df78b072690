// The modeler's own words in Chinese: the community's list, completed and put into the terms that this house uses.

import translations from "bpmn-js-i18n/translations/zn.js";

const OURS = {
  "Append text annotation": "添加文本注释",
  "Append {type}": "添加{type}",
  "Append element": "添加元素",
  "Add text annotation": "添加文本注释",
  "Change element": "更改元素",
  "Connect to other element": "连接到其他元素",
  "Connect using association": "以关联线连接",
  "Connect using sequence/message flow or association": "以顺序流、消息流或者关联线连接",
  "Create element": "新建元素",
  "Create data object reference": "新建数据对象",
  "Create data store reference": "新建数据存储",
  "Create end event": "新建结束事件",
  "Create expanded sub-process": "新建展开的子流程",
  "Create gateway": "新建网关",
  "Create group": "新建分组",
  "Create intermediate/boundary event": "新建中间事件或者边界事件",
  "Create pool/participant": "新建泳池",
  "Create start event": "新建开始事件",
  "Create task": "新建任务",
  "Delete": "删除",
  "Divide into two lanes": "分为两条泳道",
  "Divide into three lanes": "分为三条泳道",
  "Add lane above": "在上方增加泳道",
  "Add lane below": "在下方增加泳道",
  "Remove": "删除",
  "Service task": "系统任务",
  "User task": "人员任务",
  "Business rule task": "决策表任务",
  "Call activity": "调用活动",
  "Exclusive gateway": "排他网关",
  "Parallel gateway": "并行网关",
  "Inclusive gateway": "包容网关",
  "Event-based gateway": "事件网关",
  "Open minimap": "打开缩略图",
  "Close minimap": "收起缩略图",
  "Toggle minimap": "显示或者收起缩略图",
  "Search in diagram": "在图中查找",
  "Activate hand tool": "移动画布",
  "Activate lasso tool": "框选",
  "Activate create/remove space tool": "腾出或者收回空间",
  "Activate global connect tool": "连线",
  "Append intermediate/boundary event": "添加中间事件或者边界事件",
};

const CHINESE = { ...translations, ...OURS };

export function translateModule(language) {
  const translate = (template, replacements) => {
    const words = language.startsWith("en") ? template : (CHINESE[template] ?? template);
    return words.replace(/{([^}]+)}/g, (_, key) => replacements?.[key] ?? `{${key}}`);
  };
  return { translate: ["value", translate] };
}
