"""A filter of system calls for the sandbox: no new processes, no sockets, no tools of escape.

Process limits are not held for root, whatever its number inside the sandbox (kernel/fork.c lets
INIT_USER pass), so new processes are refused here; threads stay possible.
Numbers: arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h of Linux.
"""

import struct

_EPERM, _ENOSYS = 1, 38
_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_LOAD, _EQUAL, _AT_LEAST, _HAS_BITS, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16
_CLONE_THREAD = 0x00010000
_X32 = 0x40000000

# By architecture: its mark, the number of clone, and what is refused (the same names in both).
_CALLS = {
    "x86_64": (
        0xC000003E,
        56,
        # fork vfork socket shmget semget msgget mq_open ptrace process_vm_readv/writev
        (57, 58, 41, 29, 64, 68, 240, 101, 310, 311)
        # mount umount2 pivot_root chroot unshare setns add_key request_key keyctl bpf
        + (165, 166, 155, 161, 272, 308, 248, 249, 250, 321)
        # perf_event_open userfaultfd memfd_create personality acct quotactl swapon reboot
        + (298, 323, 319, 135, 163, 179, 167, 169)
        # init_module delete_module finit_module kexec_load kexec_file_load
        + (175, 176, 313, 246, 320),
    ),
    "aarch64": (
        0xC00000B7,
        220,
        (198, 194, 190, 186, 180, 117, 270, 271)
        + (40, 39, 41, 51, 97, 268, 217, 218, 219, 280)
        + (241, 282, 279, 92, 89, 60, 224, 142)
        + (105, 106, 273, 104, 294),
    ),
}
# io_uring_*, open_tree, move_mount, fsopen, fsconfig, fsmount, fspick, mount_setattr, memfd_secret
_CALLS_OF_ALL = (425, 426, 427, 428, 429, 430, 431, 432, 433, 442, 447)
_CLONE3 = 435


def syscall_filter(machine: str) -> bytes | None:
    """The filter as a program for `bwrap --seccomp`; None for a machine that it is not known for.

    clone3 seems not to exist, so that the C library takes clone, whose flags can be looked at.
    """
    if machine not in _CALLS:
        return None
    mark, clone, refused = _CALLS[machine]
    program = [
        _step(_LOAD, _ARCHITECTURE),
        _step(_EQUAL, mark, 1, 0),
        _step(_RETURN, _KILL),
        _step(_LOAD, _NUMBER),
        _step(_AT_LEAST, _X32, 0, 1),
        _step(_RETURN, _ERRNO | _EPERM),
        _step(_EQUAL, _CLONE3, 0, 1),
        _step(_RETURN, _ERRNO | _ENOSYS),
    ]
    for number in (*refused, *_CALLS_OF_ALL):
        program += [_step(_EQUAL, number, 0, 1), _step(_RETURN, _ERRNO | _EPERM)]
    program += [
        _step(_EQUAL, clone, 1, 0),
        _step(_RETURN, _ALLOW),
        _step(_LOAD, _FIRST_ARGUMENT),
        _step(_HAS_BITS, _CLONE_THREAD, 1, 0),
        _step(_RETURN, _ERRNO | _EPERM),
        _step(_RETURN, _ALLOW),
    ]
    return b"".join(program)


def _step(code: int, value: int, if_so: int = 0, if_not: int = 0) -> bytes:
    """One instruction of classic BPF (struct sock_filter)."""
    return struct.pack("=HBBI", code, if_so, if_not, value)
