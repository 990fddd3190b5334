"""Pictures that people post, one file each. Import them late: they load matplotlib."""
