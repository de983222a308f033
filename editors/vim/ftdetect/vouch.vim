autocmd BufNewFile,BufRead *.vouch setfiletype vouch
