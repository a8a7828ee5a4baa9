"""How an upload is refused."""

NO_ROOM = (
    "文件没有保存：服务器的存储空间已满或暂时不可用。已填写的内容不受影响，请稍后再上传，或联系系统管理员。"
)


class BadFile(ValueError):
    """A file that is not taken; its text says why, what to do, and what is allowed, in Chinese."""
