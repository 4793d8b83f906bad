/* The names of a terminal's modes that quickjs-libc.c uses. There is no terminal to set. */
struct termios {
    unsigned c_iflag, c_oflag, c_cflag, c_lflag;
    unsigned char c_cc[32];
};

enum { IGNBRK, BRKINT, PARMRK, ISTRIP, INLCR, IGNCR, ICRNL, IXON, OPOST, ECHO, ECHONL, ICANON, IEXTEN, CSIZE, PARENB };
enum { CS8, VMIN, VTIME, TCSANOW };

int tcgetattr(int fd, struct termios *modes);
int tcsetattr(int fd, int when, const struct termios *modes);
