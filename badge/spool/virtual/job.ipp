{
	OPERATION Get-Job-Attributes
	GROUP operation-attributes-tag
	ATTR charset attributes-charset utf-8
	ATTR language attributes-natural-language en
	ATTR uri job-uri $uri
	ATTR name requesting-user-name $user
	ATTR keyword requested-attributes job-state-reasons
	STATUS successful-ok
	DISPLAY job-state-reasons
}
